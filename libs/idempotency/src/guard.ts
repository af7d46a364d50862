import type { PendingLookup } from './key-record.ts';

/**
 * The store may have lost the records of creates that ran in this time, because it was restored from
 * a copy. Until the guard ends, a key without a record is looked up. Times are of the store's clock.
 */
export interface Guard {
  /** When the first of these creates may have begun. */
  readonly sinceMs: number;
  /** When the last attempt of these creates has ended. */
  readonly endedAtMs: number;
  /** When no caller uses these keys any more. */
  readonly untilMs: number;
}

/** A guard by times that count from now, so that the store's clock applies. */
export interface GuardRequest {
  readonly sinceAgoMs: number;
  /** How much longer an attempt of a lost key may run. */
  readonly mayRunForMs: number;
  /** How long the guard lasts. */
  readonly forMs: number;
}

/** The name in the table `idempotency_meta`. The value is JSON. */
export const GUARD = 'guard';

/** What must be stored. A guard that has not ended goes on, because its keys are still lost. */
export function guardToStore(
  stored: string | undefined,
  { sinceAgoMs, mayRunForMs, forMs }: GuardRequest,
  nowMs: number,
): string {
  const before = activeGuard(stored, nowMs);
  const sinceMs = nowMs - sinceAgoMs;
  const untilMs = nowMs + forMs;
  const guard: Guard = {
    sinceMs: Math.round(Math.min(sinceMs, before?.sinceMs ?? sinceMs)),
    // Lists that were begun under the guard before are too old for the keys that were lost since.
    endedAtMs: Math.round(Math.max(nowMs + mayRunForMs, before?.endedAtMs ?? 0)),
    untilMs: Math.round(Math.max(untilMs, before?.untilMs ?? untilMs)),
  };
  return JSON.stringify(guard);
}

/** @throws TypeError when the value is damaged: without its guard the store must not be used */
export function activeGuard(stored: string | undefined, nowMs: number): Guard | undefined {
  if (stored === undefined) return undefined;
  const value: unknown = JSON.parse(stored);
  if (!isGuard(value)) throw new TypeError('the guard in the store is damaged');
  return nowMs < value.untilMs ? value : undefined;
}

/** How much longer the guard lasts. */
export function guardedForMs(stored: string | undefined, nowMs: number): number {
  const guard = activeGuard(stored, nowMs);
  return guard ? guard.untilMs - nowMs : 0;
}

function isGuard(value: unknown): value is Guard {
  if (!(value instanceof Object)) return false;
  const times = new Map<string, unknown>(Object.entries(value));
  return ['sinceMs', 'endedAtMs', 'untilMs'].every((name) => Number.isFinite(times.get(name)));
}

/** Whether only the guard requires the lookup: the key itself has sent nothing yet. */
export function isOfGuard(
  { sentAtMs, abandonedAtMs, customer }: Omit<PendingLookup, 'guarded'>,
  guard: Guard | undefined,
): boolean {
  if (!guard || customer !== undefined) return false;
  return sentAtMs === guard.sinceMs && abandonedAtMs === guard.endedAtMs;
}
