import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { IdempotencyStore } from '../../store.ts';
import type { KeyEvent } from '../../transition.ts';
import {
  abandon,
  acquire,
  apply,
  applyAll,
  complete,
  HOUR_MS,
  release,
  renew,
  resolve,
  send,
} from './events.ts';
import type { DatabaseUnderTest } from './store-under-test.ts';

/** JavaScript cannot tell it from the next number. */
const UNREADABLE = '9007199254740993';
const NUMBERS = ['fence', 'lease_until_ms', 'sent_at_ms', 'abandoned_at_ms', 'changed_at_ms'];
const STATES: readonly (readonly [string, readonly KeyEvent[]])[] = [
  ['reserved', [acquire()]],
  ['sent', [acquire(), send()]],
  ['unknown', [acquire(), send(), abandon()]],
  ['done', [acquire(), send(), complete()]],
];
const DAMAGED = { kind: 'damaged' };

/**
 * Rows whose numbers were damaged past the store. Such a key answers no create, whatever its state
 * was, until an operator resolves it.
 */
export function specifyDamagedRows(create: () => Promise<DatabaseUnderTest>): void {
  let database: DatabaseUnderTest;
  let store: IdempotencyStore;
  beforeEach(async () => {
    database = await create();
    store = await database.open();
  });
  afterEach(() => database.remove());

  const damage = (column: string, value = UNREADABLE) =>
    database.sql(`UPDATE idempotency_keys SET ${column} = ${value} WHERE key = 'key'`);
  const listed = async () =>
    (await store.unknownKeys(9)).map(({ key, isDamaged }) => [key, isDamaged]);

  test.each(
    STATES.flatMap(([state, events]) => NUMBERS.map((column) => [column, state, events] as const)),
  )(
    'takes a key with an unreadable %s for damaged, which was %s',
    async (column, _state, events) => {
      await applyAll(store, 'key', ...events);
      await damage(column);
      for (const event of [send(), renew(), complete(), release(), abandon()]) {
        expect(await apply(store, 'key', event)).toEqual({ kind: 'stale' });
      }
      expect(await apply(store, 'key', acquire())).toEqual(DAMAGED);
      expect(await apply(store, 'key', acquire())).toEqual(DAMAGED);
      expect(await store.statistics()).toMatchObject({ unknown: 1 });
      expect(await listed()).toEqual([['key', true]]);
      expect(await store.purge(HOUR_MS, 1)).toBe(0);
    },
  );

  test.each(NUMBERS)('takes a negative %s that is unreadable for damaged', async (column) => {
    await applyAll(store, 'key', acquire(), send(), abandon());
    await damage(column, `-${UNREADABLE}`);
    expect(await apply(store, 'key', acquire())).toEqual(DAMAGED);
    expect(await listed()).toEqual([['key', true]]);
  });

  test.each(NUMBERS)('lets an operator resolve a key with an unreadable %s', async (column) => {
    await applyAll(store, 'key', acquire(), send(), abandon());
    await damage(column);
    const [found] = await store.unknownKeys(1, 'key');
    if (!found) throw new TypeError('the key is not listed');
    const { revision } = found;
    const named: KeyEvent = { kind: 'resolve', customer: 'isaiah', revision };
    expect(await apply(store, 'key', named)).toEqual({ kind: 'updated' });
    const lookup = { customer: 'isaiah' };
    expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'acquired', lookup });

    await damage(column);
    expect(await apply(store, 'key', acquire())).toEqual(DAMAGED);
    expect(await apply(store, 'key', resolve())).toEqual({ kind: 'updated' });
    const clean = { kind: 'acquired', lookup: undefined };
    expect(await apply(store, 'key', acquire())).toMatchObject(clean);
  });

  test('keeps the customer of a damaged key from others', async () => {
    await applyAll(store, 'key', acquire(), complete());
    await damage('fence');
    expect(await apply(store, 'key', acquire())).toEqual(DAMAGED);
    expect(await store.owned(['adele'])).toEqual(['adele']);
    const other = await applyAll(store, 'other', acquire('dinner'), complete());
    expect(other).toEqual({ kind: 'owned-by-another' });
  });

  test('does not acquire a key at the first sight of a damaged duplicate', async () => {
    await applyAll(store, 'key', acquire(), send());
    await damage('lease_until_ms');
    expect(await apply(store, 'duplicate', acquire())).toEqual({ kind: 'in-progress', leftMs: 0 });
    expect(await listed()).toEqual([['key', true]]);
    expect(await apply(store, 'duplicate', acquire())).toMatchObject({ kind: 'acquired' });
    expect(await apply(store, 'key', acquire())).toEqual(DAMAGED);
  });

  test('serves other keys beside a damaged one, also when it is opened again', async () => {
    await applyAll(store, 'other', acquire('dinner'), complete());
    await applyAll(store, 'key', acquire(), send());
    await damage('changed_at_ms');
    await damage('lease_until_ms');
    const again = await database.open();
    expect(await again.age()).toBeLessThan(HOUR_MS);
    expect(await again.purge(HOUR_MS, 1)).toBe(0);
    expect(await apply(again, 'other', acquire('dinner'))).toMatchObject({ kind: 'replay' });
    expect(await apply(again, 'new', acquire('new'))).toMatchObject({ kind: 'acquired' });
  });
}
