import type { UnkeyedCreate } from './idempotent-create.ts';
import type { EarlierAttempt } from './transition.ts';

/** How long ago the attempt before a repeat may have begun when there is no record of it. */
const EARLIER_MS = 15 * 60_000;

/**
 * What a repeat without a key assumes about the attempt before it. Without a client-request-id, two
 * such creates count as one for 15 minutes. With one, they count as one while the store keeps them.
 *
 * @param mayRunForMs how long an attempt may still run in another process
 */
export function earlierAttempt(
  { callerRequestId }: Pick<UnkeyedCreate, 'callerRequestId'>,
  mayRunForMs: number,
): EarlierAttempt {
  const replayForMs = callerRequestId === undefined ? EARLIER_MS : Infinity;
  return { beganAgoMs: EARLIER_MS, mayRunForMs, replayForMs };
}
