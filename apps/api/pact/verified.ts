import { type PactSource, type Spoil, verify } from '@bookings/contracts';
import { PROVIDER_STATES } from './provider-states.ts';
import { Scene } from './scene.ts';

/** Verifies the real application against `pacts`; `onAnswer` may spoil its answers. */
export function verifyBookingsApi(pacts: PactSource, onAnswer?: Spoil): Promise<void> {
  const scene = new Scene(PROVIDER_STATES);
  return verify({
    provider: 'bookings-api',
    pacts,
    states: scene.handlers,
    onRequest: (request) => scene.play(request),
    ...(onAnswer && { onAnswer }),
    afterEach: () => scene.clear(),
  });
}
