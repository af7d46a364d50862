import type { UnknownKey } from '../store.ts';
import type { KeyRecord, KeyState } from '../transition.ts';

/** A row as a driver brings it. */
export type Row = Readonly<Record<string, unknown>>;

const STATES: readonly KeyState[] = ['reserved', 'sent', 'done', 'free', 'unknown'];

/** @throws TypeError when the row is not what a store of ours has written */
export function recordOf(row: Row): KeyRecord {
  const { state, content, customer, answer } = row;
  const known = STATES.find((name) => name === state);
  if (known === undefined || typeof content !== 'string') throw unreadable('state or content');
  return {
    state: known,
    fence: numberIn(row, 'fence'),
    content,
    leaseUntilMs: numberIn(row, 'lease_until_ms'),
    everUnknown: row['ever_unknown'] === true || row['ever_unknown'] === 1,
    sentAtMs: optionalNumberIn(row, 'sent_at_ms'),
    abandonedAtMs: optionalNumberIn(row, 'abandoned_at_ms'),
    customer: typeof customer === 'string' ? customer : undefined,
    answer: answer instanceof Uint8Array ? answer : undefined,
  };
}

/** @throws TypeError as `recordOf` */
export function unknownKeyOf(row: Row): UnknownKey {
  const { sentAtMs, leaseUntilMs, customer } = recordOf(row);
  const isResolved = customer !== undefined;
  return { key: String(row['key']), sentAtMs: sentAtMs ?? leaseUntilMs, isResolved };
}

/** Whole numbers of 64 bits come as text from PostgreSQL. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw unreadable(column);
  return number;
}

function optionalNumberIn(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberIn(row, column);
}

function unreadable(column: string): TypeError {
  return new TypeError(`the store holds a record whose ${column} cannot be read`);
}
