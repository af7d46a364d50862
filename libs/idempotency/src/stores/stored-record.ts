import type { UnknownKey } from '../store.ts';
import { lookupOf } from '../acquire.ts';
import { unexpired } from '../lease.ts';
import { EARLIEST_MS, type StoreTime, withinClock } from '../store-time.ts';
import { isDamaged, type KeyRecord, type KeyState } from '../transition.ts';

/** A row as a driver returns it. */
export type Row = Readonly<Record<string, unknown>>;

const STATES: readonly KeyState[] = ['reserved', 'sent', 'done', 'free', 'unknown'];

/** @throws TypeError when the row has an invalid value */
export function recordOf(row: Row): KeyRecord {
  const { state, content, customer, answer, comparisons } = row;
  const known = STATES.find((name) => name === state);
  if (known === undefined || typeof content !== 'string') throw invalid('state or content');
  return {
    state: known,
    fence: numberIn(row, 'fence'),
    fingerprint: content,
    leaseUntilMs: numberIn(row, 'lease_until_ms'),
    everUnknown: row['ever_unknown'] === true || row['ever_unknown'] === 1,
    sentAtMs: optionalNumberIn(row, 'sent_at_ms'),
    abandonedAtMs: optionalNumberIn(row, 'abandoned_at_ms'),
    customer: typeof customer === 'string' ? customer : undefined,
    response: answer instanceof Uint8Array ? answer : undefined,
    comparisons: typeof comparisons === 'string' ? comparisons : undefined,
    changedAtMs: numberIn(row, 'changed_at_ms'),
  };
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

/** The PostgreSQL driver returns 64-bit integers as text. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw invalid(column);
  return number;
}

function optionalNumberIn(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberIn(row, column);
}

function invalid(column: string): TypeError {
  return new TypeError(`a record in the store has an invalid ${column}`);
}
