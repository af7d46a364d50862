import { describe, it } from '@jest/globals';
import { pactFile, verify } from '@bookings/contracts';
import { PROVIDER_STATES } from './provider-states.ts';
import { Scene } from './scene.ts';

describe('bookings-api', () => {
  it('keeps its contract with bookings-client', async () => {
    const scene = new Scene();
    await verify({
      provider: 'bookings-api',
      pacts: { file: pactFile('bookings-client', 'bookings-api') },
      states: scene.handlers(PROVIDER_STATES),
      onRequest: (request) => scene.play(request),
      afterEach: () => scene.clear(),
    });
  }, 60_000);
});
