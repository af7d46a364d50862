import { expect, test } from '@jest/globals';
import type { KeyEvent } from '../../transition.ts';
import {
  EXPIRED,
  HOUR_MS,
  abandon,
  acquire,
  applyAll,
  complete,
  discard,
  renew,
  resolve,
  send,
} from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

type Row = readonly [
  record: string,
  hours: number,
  does: 'deletes' | 'keeps',
  events: readonly KeyEvent[],
];

const UNKNOWN = [acquire(), send(), abandon()];
const RETENTION_HOURS = 24;
const ROWS: readonly Row[] = [
  ['done', 23, 'keeps', [acquire(), complete()]],
  ['done', 25, 'deletes', [acquire(), complete()]],
  ['unknown', 239, 'keeps', UNKNOWN],
  ['unknown', 241, 'deletes', UNKNOWN],
  ['held', 241, 'keeps', [acquire()]],
  ['held with an expired lease', 239, 'keeps', [acquire('lunch', EXPIRED)]],
  ['held with an expired lease', 241, 'deletes', [acquire(), send(1, EXPIRED)]],
];

/** Deletion of old records, and statistics. */
export function specifyRetention(fixture: StoreFixture): void {
  const age = (hours: number) => fixture.data.age(hours * HOUR_MS);
  const purge = (limit: number) => fixture.store.purge(RETENTION_HOURS * HOUR_MS, limit);

  test.each(ROWS)(
    'with a record that is %s, after %d hours: %s it',
    async (_record, hours, does, events) => {
      await applyAll(fixture.store, 'key', ...events);
      await age(hours);
      const purged = does === 'deletes' ? 1 : 0;
      expect(await purge(100)).toBe(purged);
      expect((await fixture.data.records()).size).toBe(1 - purged);
    },
  );

  test('deletes the oldest records first, up to the limit', async () => {
    const { store } = fixture;
    for (const key of ['b', 'a', 'd', 'c']) {
      await applyAll(store, key, acquire(), complete(1, key));
      await age(30);
    }
    expect(await purge(3)).toBe(3);
    expect([...(await fixture.data.records()).keys()]).toEqual(['c']);
    expect(await purge(3)).toBe(1);
    expect(await purge(3)).toBe(0);
  });

  test('keeps a finished record while a create of the same content has no outcome', async () => {
    const { store } = fixture;
    await applyAll(store, 'unknown', ...UNKNOWN);
    await applyAll(store, 'done', acquire(), complete());
    await applyAll(store, 'held', acquire('a', HOUR_MS * 100));
    await applyAll(store, 'other', acquire('b'), complete(1, 'isaac'));
    await age(25);
    expect(await purge(100)).toBe(1);
    expect(await store.owned(['adele', 'isaac'])).toEqual(['adele']);
    await applyAll(store, 'unknown', acquire(), complete(2, 'isaiah'));
    expect(await purge(100)).toBe(1);
    expect(await store.owned(['adele', 'isaiah'])).toEqual(['isaiah']);
  });

  test('lets another key have the customer of a deleted record', async () => {
    const { store } = fixture;
    await applyAll(store, 'owner', acquire(), complete());
    await age(25);
    await purge(1);
    expect(await applyAll(store, 'key', acquire(), complete())).toEqual({ kind: 'updated' });
  });

  test('reports unknown keys that no request holds', async () => {
    const { store } = fixture;
    expect(await store.statistics()).toMatchObject({ unknown: 0 });
    await applyAll(store, 'unknown', ...UNKNOWN);
    await applyAll(store, 'reconciling', ...UNKNOWN, acquire('lunch', HOUR_MS));
    await applyAll(store, 'held', acquire('a'), send());
    await applyAll(store, 'not sent', acquire('b', EXPIRED));
    await applyAll(store, 'done', acquire('c'), send(), complete());
    expect(await store.statistics()).toMatchObject({ unknown: 1 });
    await applyAll(store, 'reconciling', renew(2, EXPIRED));
    await applyAll(store, 'expired', acquire('d'), send(1, EXPIRED));
    expect(await store.statistics()).toMatchObject({ unknown: 3 });
    const listed = await store.unknownKeys(10);
    expect(listed.map(({ key }) => key).sort()).toEqual(['expired', 'reconciling', 'unknown']);
    expect(listed.every(({ sentAtMs }) => Math.abs(sentAtMs - Date.now()) < HOUR_MS)).toBe(true);
    expect(await store.unknownKeys(2)).toHaveLength(2);
    expect((await store.unknownKeys(2, 'expired')).map(({ key }) => key)).toEqual(['expired']);
    expect(await store.unknownKeys(2, 'done')).toEqual([]);
  });

  test('reports damaged keys, and those whose customer an operator has named', async () => {
    const { store } = fixture;
    await applyAll(store, 'done', acquire(), complete(1, 'adele'));
    await applyAll(store, 'damaged', acquire('a'), send(), complete(1, 'isaac'), discard());
    await applyAll(store, 'named', ...UNKNOWN, resolve('isaiah'));
    expect(await store.statistics()).toMatchObject({ unknown: 2 });
    const listed = await store.unknownKeys(10);
    expect(listed.toSorted((one, other) => (one.key < other.key ? -1 : 1))).toMatchObject([
      { key: 'damaged', isResolved: false, isDamaged: true },
      { key: 'named', isResolved: true, isDamaged: false },
    ]);
  });
}
