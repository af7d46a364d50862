import type { GraphFake } from '@bookings/graph-fake';

/** Graph's limit for one mailbox, and the default of `MAILBOX_CONCURRENCY`. */
export const MAILBOX_CONCURRENCY = 4;

/** A process that may send requests to Graph. */
export interface LimitedProcess {
  /** `STATE_URL`. */
  readonly stateUrl: string;
  /** `MAILBOX_CONCURRENCY`. */
  readonly limit: number;
}

/**
 * How much work Graph may have at one mailbox while these processes run.
 *
 * Processes with one PostgreSQL database share a limit, through whatever relay they reach it. Others
 * count for themselves, so their limits add up.
 */
export function workLimitOf(processes: readonly LimitedProcess[]): number {
  const limits = processes.filter(({ stateUrl }) => !isShared(stateUrl)).map(({ limit }) => limit);
  const sharing = processes.filter(({ stateUrl }) => isShared(stateUrl));
  const byDatabase = Map.groupBy(sharing, ({ stateUrl }) => new URL(stateUrl).pathname);
  for (const each of byDatabase.values()) limits.push(Math.max(...each.map(({ limit }) => limit)));
  return limits.reduce((sum, limit) => sum + limit, 0);
}

/** Whether processes with this state share the limit of a mailbox. */
export function isShared(stateUrl: string): boolean {
  return stateUrl.startsWith('postgres');
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
