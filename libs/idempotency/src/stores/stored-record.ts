import type { UnknownKey } from '../store.ts';
import { lookupOf } from '../acquire.ts';
import { unexpired } from '../lease.ts';
import { EARLIEST_MS, type StoreTime, withinClock } from '../store-time.ts';
import { isDamaged, type KeyRecord, type KeyState } from '../transition.ts';

/** A row as a driver returns it. */
export type Row = Readonly<Record<string, unknown>>;

const STATES: readonly KeyState[] = ['reserved', 'sent', 'done', 'free', 'unknown'];

/** What a row says. */
export interface StoredRecord {
  readonly record: KeyRecord;
  /** Whether the row has an invalid value. Its record is then a damaged one. */
  readonly isUnreadable: boolean;
}

/** @param nowMs what the store's clock shows */
export function recordOf(row: Row, nowMs: number): StoredRecord {
  const { state, content, customer, answer, comparisons } = row;
  const known = STATES.find((name) => name === state);
  const fence = numberOrNone(row, 'fence');
  const leaseUntilMs = numberOrNone(row, 'lease_until_ms');
  const changedAtMs = numberOrNone(row, 'changed_at_ms');
  const sentAtMs = numberOrNone(row, 'sent_at_ms');
  const abandonedAtMs = numberOrNone(row, 'abandoned_at_ms');
  const texts = {
    fingerprint: String(content),
    customer: typeof customer === 'string' ? customer : undefined,
    comparisons: typeof comparisons === 'string' ? comparisons : undefined,
  };
  if (
    known === undefined ||
    fence === undefined ||
    leaseUntilMs === undefined ||
    changedAtMs === undefined ||
    (sentAtMs === undefined && row['sent_at_ms'] !== null) ||
    (abandonedAtMs === undefined && row['abandoned_at_ms'] !== null)
  ) {
    const record: KeyRecord = {
      ...texts,
      state: 'done',
      fence: fence ?? 0,
      leaseUntilMs: nowMs,
      everUnknown: true,
      sentAtMs: sentAtMs ?? EARLIEST_MS,
      abandonedAtMs: abandonedAtMs ?? nowMs,
      response: undefined,
      // Equal for every reading, because it is part of the revision.
      changedAtMs: changedAtMs ?? EARLIEST_MS,
    };
    return { record, isUnreadable: true };
  }
  const record: KeyRecord = {
    ...texts,
    state: known,
    fence,
    leaseUntilMs,
    everUnknown: Number(row['ever_unknown']) === 1,
    sentAtMs,
    abandonedAtMs,
    response: answer instanceof Uint8Array ? answer : undefined,
    changedAtMs,
  };
  return { record, isUnreadable: false };
}

/**
 * @param record as it is stored
 * @param time what the store's clock shows
 */
export function unknownKeyOf(key: string, record: KeyRecord, time: StoreTime): UnknownKey {
  const { state, fence, fingerprint, customer, comparisons, changedAtMs, leaseUntilMs } = record;
  const { sentAtMs = EARLIEST_MS, abandonedAtMs } = record;
  const ended = unexpired(withinClock(record, time), time.nowMs) ?? record;
  return {
    key,
    fingerprint,
    comparisons,
    revision: { fence, changedAtMs },
    sentAtMs: sentAtMs === EARLIEST_MS ? (abandonedAtMs ?? leaseUntilMs) : sentAtMs,
    isResolved: state !== 'done' && customer !== undefined,
    isDamaged: isDamaged(record),
    lookup: lookupOf(ended, { time, unknownDuplicates: 0 }),
  };
}

/** @throws TypeError when the column has no number that JavaScript can tell from others */
export function numberIn(row: Row, column: string): number {
  const number = numberOrNone(row, column);
  if (number === undefined) throw new TypeError(`the store has an invalid ${column}`);
  return number;
}

/** The PostgreSQL driver returns 64-bit integers as text. That of SQLite can return a bigint. */
function numberOrNone(row: Row, column: string): number | undefined {
  const value = row[column];
  const number = typeof value === 'string' || typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
