import type { GuardRequest } from './guard.ts';
import type { KeyEvent } from './key-record.ts';

/*
 * A store may apply a call late, for example because the disk was slow. Times that count back from
 * the call must then count further back. A lookup would otherwise begin after the create it is for.
 *
 * Times that count forward stay. What they limit ends later, which delays a create and loses none.
 */

/** @param lateMs how long ago the call was */
export function lateEvent(event: KeyEvent, lateMs: number): KeyEvent {
  if (event.kind === 'lost') return { ...event, beganAgoMs: event.beganAgoMs + lateMs };
  if (event.kind !== 'acquire' || !event.earlier) return event;
  const { earlier } = event;
  return { ...event, earlier: { ...earlier, beganAgoMs: earlier.beganAgoMs + lateMs } };
}

/** @param lateMs how long ago the call was */
export function lateGuard(request: GuardRequest, lateMs: number): GuardRequest {
  return { ...request, sinceAgoMs: request.sinceAgoMs + lateMs };
}
