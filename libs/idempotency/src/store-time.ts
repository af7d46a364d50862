import { isHeld, type KeyRecord } from './key-record.ts';

/** What the clock of a store shows. */
export interface StoreTime {
  readonly nowMs: number;
  /** Since when the clock is known to run evenly. Settling times from before start again here. */
  readonly evenSinceMs: number;
  /** Leases from before this time start again here. */
  readonly leasesSinceMs: number;
}

/** The sending time of an attempt that may have been sent at any time. */
export const EARLIEST_MS = 0;

/** Clocks that are set right in small steps go back by less. */
export const CLOCK_STEP_MS = 1000;

/**
 * The record with times that the clock allows. After the clock has moved, nothing of the record ends
 * earlier than it would have: its lease and its settling time start again, and a lookup reaches back
 * at least as far as its attempt.
 */
export function withinClock(record: KeyRecord, time: StoreTime): KeyRecord {
  if (!isHeld(record) && record.state !== 'unknown') return record;
  const { nowMs, evenSinceMs, leasesSinceMs } = time;
  const { changedAtMs, leaseUntilMs, sentAtMs, abandonedAtMs } = record;
  if (changedAtMs > nowMs + CLOCK_STEP_MS) {
    const againFromNow = (ms: number) => nowMs + Math.max(0, ms - changedAtMs);
    return {
      ...record,
      changedAtMs: nowMs,
      leaseUntilMs: againFromNow(leaseUntilMs),
      // How far the clock went back is not known.
      sentAtMs: sentAtMs === undefined ? undefined : EARLIEST_MS,
      abandonedAtMs: abandonedAtMs === undefined ? undefined : againFromNow(abandonedAtMs),
    };
  }
  if (changedAtMs >= Math.max(evenSinceMs, leasesSinceMs)) return record;
  return {
    ...record,
    changedAtMs: nowMs,
    // An attempt of this lease ends with it, so its settling time starts again as well.
    leaseUntilMs: Math.max(leaseUntilMs, evenSinceMs, leasesSinceMs + leaseUntilMs - changedAtMs),
    abandonedAtMs: abandonedAtMs === undefined ? undefined : Math.max(abandonedAtMs, evenSinceMs),
  };
}
