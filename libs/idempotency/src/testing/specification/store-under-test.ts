import type { IdempotencyStore } from '../../store.ts';
import type { KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';

/** One database, and ways to it that are not the store's own. */
export interface StoreUnderTest {
  /** Another store on the same database, as another process would have it. */
  open(secretCheck?: string): Promise<IdempotencyStore>;
  /** All records, read through a connection of the test's own. */
  records(): Promise<ReadonlyMap<string, KeyRecord>>;
  /** Carried out through a connection of the test's own; rejects when the database refuses. */
  sql(statement: string): Promise<void>;
  /** Closes every store that was opened, and removes the database. */
  remove(): Promise<void>;
}

/** What a test works with. */
export interface Subject {
  /** Open from the first test to the last. */
  readonly store: IdempotencyStore;
  /** The same data, as another process has it. */
  readonly elsewhere: IdempotencyStore;
  /** Theirs; without a record when a test begins. */
  readonly database: StoreUnderTest;
  /** A database that nobody has opened yet, removed behind the test. */
  fresh(): Promise<StoreUnderTest>;
}

export const HOUR_MS = 3_600_000;

/** A lease that has run out as soon as it is given. */
export const RUN_OUT = 0;

export const ANSWER = new Uint8Array([1, 2, 3]);

export const claim = (content = 'lunch', leaseMs = HOUR_MS): KeyEvent => ({
  kind: 'claim',
  content,
  leaseMs,
});
export const send = (fence = 1, leaseMs = HOUR_MS): KeyEvent => ({ kind: 'send', fence, leaseMs });
export const renew = (fence = 1, leaseMs = HOUR_MS): KeyEvent => ({
  kind: 'renew',
  fence,
  leaseMs,
});
export const release = (fence = 1): KeyEvent => ({ kind: 'release', fence });
export const abandon = (fence = 1): KeyEvent => ({ kind: 'abandon', fence });
export const resolve = (customer?: string): KeyEvent => ({ kind: 'resolve', customer });
export const done = (fence = 1, customer = 'adele', answer = ANSWER): KeyEvent => ({
  kind: 'done',
  fence,
  customer,
  answer,
});

/** Applies events one after another. @returns what the last brought about */
export async function applyAll(
  store: IdempotencyStore,
  key: string,
  ...events: readonly KeyEvent[]
): Promise<KeyOutcome | undefined> {
  let outcome: KeyOutcome | undefined;
  for (const event of events) outcome = await store.apply(key, event);
  return outcome;
}

/** How often each outcome came. */
export function tally(outcomes: readonly KeyOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
