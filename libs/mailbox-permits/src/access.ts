import { leaseMs, type PermitTimes } from './times.ts';

/** What a process knows of the database. Times are elapsed times of the process. */
export interface Access {
  /** End of the first statement that failed since the last success. */
  readonly failedAtMs: number | undefined;
  /** When the last statement was sent that failed. */
  readonly lastFailedSentAtMs: number;
  /** Until when each process uses only its share, because the database was away. */
  readonly recoveringUntilMs: number;
}

/** What a process may have in flight at a mailbox. */
export interface Allowance {
  readonly atMost: number;
  /** Whether each request needs a permit of the database. */
  readonly needsPermit: boolean;
}

/**
 * How long a failed statement shows that the database is away. `recoveryMs` counts on it, also for a
 * process that was paused meanwhile.
 */
const FAILURE_VALID_MS = 2000;

export const NO_ACCESS_YET: Access = {
  failedAtMs: undefined,
  lastFailedSentAtMs: -Infinity,
  recoveringUntilMs: -Infinity,
};

/** Each process may have so many requests in flight without a permit, when all of them do so. */
export function ownShare(concurrency: number, processes: number): number {
  return Math.max(1, Math.floor(concurrency / processes));
}

/** Times of the statement that failed. */
export function afterFailure(access: Access, sentAtMs: number, endedAtMs: number): Access {
  const failedAtMs = access.failedAtMs ?? endedAtMs;
  return { ...access, failedAtMs, lastFailedSentAtMs: sentAtMs };
}

/** @param recoveringMs what the database says is left of the recovery */
export function afterSuccess(recoveringMs: number, nowMs: number): Access {
  return {
    ...NO_ACCESS_YET,
    recoveringUntilMs: recoveringMs > 0 ? nowMs + recoveringMs : -Infinity,
  };
}

/**
 * Whether all leases have ended that were given before the database went away. A statement sent after
 * that has failed too: so the process that is back first sees that no process was there for a whole lease.
 */
export function usesOwnShare(access: Access, times: PermitTimes, nowMs: number): boolean {
  const { failedAtMs, lastFailedSentAtMs } = access;
  if (failedAtMs === undefined || nowMs - lastFailedSentAtMs > FAILURE_VALID_MS) return false;
  return lastFailedSentAtMs >= failedAtMs + leaseMs(times);
}

export function allowanceAt(
  access: Access,
  times: PermitTimes,
  share: number,
  nowMs: number,
): Allowance {
  if (usesOwnShare(access, times, nowMs)) return { atMost: share, needsPermit: false };
  return { atMost: nowMs < access.recoveringUntilMs ? share : Infinity, needsPermit: true };
}
