import type { GraphFake } from '@bookings/graph-fake';

/** Graph's limit for one mailbox, and the default of `MAILBOX_CONCURRENCY`. */
export const MAILBOX_CONCURRENCY = 4;

/**
 * How much work Graph may have at one mailbox while processes with these limits run.
 *
 * Each process counts for itself, so the limits add up. This is the one place that changes when they
 * share a limit.
 */
export function workLimitOf(limits: readonly number[]): number {
  return limits.reduce((sum, limit) => sum + limit, 0);
}

/** Options of a test whose proxy may let Graph have more work at one mailbox than its limit. */
export interface WorkLimit {
  /** Why. */
  readonly exceedsLimit?: string;
}

/**
 * Checks that Graph never had more work at one mailbox than the proxy's limit. Every test of the
 * proxy is held to it, whatever it does: Graph goes on working when the proxy has given up.
 */
export function checkWork(fake: GraphFake, limit: number, { exceedsLimit }: WorkLimit = {}): void {
  if (exceedsLimit !== undefined || fake.peakOfWork <= limit) return;
  throw new Error(`Graph had work for ${fake.peakOfWork} requests at one mailbox, not ${limit}.`);
}
