import { describe, it } from '@jest/globals';
import { pactFile, verify } from '@bookings/contracts';
import { PROVIDER_STATES } from './provider-states.ts';
import { Scene } from './scene.ts';

describe('the fake, in the place of microsoft-graph', () => {
  it('keeps its contract with bookings-api', async () => {
    const scene = new Scene();
    await verify({
      provider: 'microsoft-graph',
      pacts: { file: pactFile('bookings-api', 'microsoft-graph') },
      states: scene.handlers(PROVIDER_STATES),
      onRequest: (request) => scene.play(request),
      afterEach: () => scene.clear(),
    });
  }, 60_000);
});
