import { type PactSource, type Spoil, verify } from '@bookings/contracts';
import { PROVIDER_STATES } from './provider-states.ts';
import { Scene } from './scene.ts';

/** Verifies the fake, in Graph's name, against `pacts`; `onAnswer` may spoil its answers. */
export function verifyMicrosoftGraph(pacts: PactSource, onAnswer?: Spoil): Promise<void> {
  const scene = new Scene(PROVIDER_STATES);
  return verify({
    provider: 'microsoft-graph',
    pacts,
    states: scene.handlers,
    onRequest: (request) => scene.play(request),
    ...(onAnswer && { onAnswer }),
    afterEach: () => scene.clear(),
  });
}
