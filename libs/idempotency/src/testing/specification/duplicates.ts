import { expect, test } from '@jest/globals';
import type { KeyEvent } from '../../transition.ts';
import {
  EXPIRED,
  HOUR_MS,
  RESPONSE,
  abandon,
  acquire,
  apply,
  applyAll,
  complete,
  release,
  resolve,
  send,
} from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

/** The rules between keys: duplicates, and the owners of customers. */
export function specifyDuplicates(fixture: StoreFixture): void {
  test('counts the unknown duplicates for a lookup', async () => {
    const { store } = fixture;
    await applyAll(store, 'one', acquire(), send(), abandon());
    await applyAll(store, 'two', acquire('lunch', HOUR_MS), send(1, EXPIRED));
    await applyAll(store, 'other', acquire('dinner'), send(), abandon());
    const unknownDuplicates = async (key: string, ...events: readonly KeyEvent[]) => {
      const outcome = await applyAll(store, key, ...events);
      return outcome?.kind === 'acquired' ? outcome.lookup?.unknownDuplicates : undefined;
    };
    // `two` became unknown when its lease expired.
    expect(await unknownDuplicates('one', acquire())).toBe(1);
    expect(await unknownDuplicates('two', acquire('lunch', EXPIRED))).toBeUndefined();
    await apply(store, 'one', abandon(2));
    expect(await unknownDuplicates('two', acquire())).toBe(1);
    await apply(store, 'two', complete(2, 'adele'));
    expect(await unknownDuplicates('one', acquire())).toBe(0);
  });

  test('returns the customers that belong to a key', async () => {
    const { store } = fixture;
    await applyAll(store, 'one', acquire(), send(), complete(1, 'adele'));
    await applyAll(store, 'two', acquire('dinner'), send(), complete(1, 'isaiah'));
    expect(await store.owned(['unowned', 'adele'])).toEqual(['adele']);
    expect(await store.owned([])).toEqual([]);
  });

  test.each([
    ['reserved', [acquire()]],
    ['sent', [acquire(), send()]],
  ])('acquires nothing while a duplicate is %s', async (_state, events) => {
    const { store, data } = fixture;
    await applyAll(store, 'duplicate', ...events);
    const before = await data.records();
    expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'in-progress' });
    expect(await data.records()).toEqual(before);
  });

  test.each([
    ['done', [acquire(), complete()]],
    ['free', [acquire(), release()]],
    ['unknown', [acquire(), send(), abandon()]],
  ])('acquires a key while a duplicate is %s', async (_state, events) => {
    const { store } = fixture;
    await applyAll(store, 'duplicate', ...events);
    expect(await apply(store, 'key', acquire())).toMatchObject({
      kind: 'acquired',
      lookup: undefined,
      tookOver: false,
    });
  });

  test('acquires a key beside one with another fingerprint', async () => {
    const { store } = fixture;
    await apply(store, 'other', acquire('dinner'));
    expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'acquired' });
  });

  test('replays a response while a duplicate is held', async () => {
    const { store } = fixture;
    await applyAll(store, 'key', acquire(), complete());
    await apply(store, 'duplicate', acquire());
    expect(await apply(store, 'key', acquire())).toEqual({ kind: 'replay', response: RESPONSE });
  });

  test.each([
    ['reserved', [acquire('lunch', EXPIRED)], undefined],
    ['sent', [acquire(), send(1, EXPIRED)], 'unknown'],
  ])('ends the expired lease of a duplicate that is %s', async (_state, events, state) => {
    const { store, data } = fixture;
    await applyAll(store, 'duplicate', ...events);
    expect(await apply(store, 'key', acquire())).toMatchObject({ kind: 'acquired' });
    expect((await data.records()).get('duplicate')?.state).toBe(state);
    expect(await apply(store, 'duplicate', complete())).toEqual({ kind: 'stale' });
  });

  test('changes nothing when the customer belongs to another key', async () => {
    const { store, data } = fixture;
    await applyAll(store, 'owner', acquire(), send(), complete(1, 'adele'));
    await applyAll(store, 'key', acquire(), send());
    const before = await data.records();
    expect(await apply(store, 'key', complete(1, 'adele'))).toEqual({ kind: 'owned-by-another' });
    expect(await data.records()).toEqual(before);
    expect(await apply(store, 'key', complete(1, 'isaiah'))).toEqual({ kind: 'updated' });
  });

  test('stores the customer that an operator names, unless it belongs to another key', async () => {
    const { store } = fixture;
    await applyAll(store, 'owner', acquire(), send(), complete(1, 'adele'));
    await applyAll(store, 'key', acquire(), send(), abandon());
    expect(await apply(store, 'key', resolve('adele'))).toEqual({ kind: 'owned-by-another' });
    expect(await apply(store, 'key', resolve('isaiah'))).toEqual({ kind: 'updated' });
    expect(await store.owned(['isaiah'])).toEqual(['isaiah']);
    const acquired = await apply(store, 'key', acquire());
    expect(acquired).toMatchObject({ kind: 'acquired', lookup: { customer: 'isaiah' } });
    expect(await apply(store, 'key', complete(2, 'isaiah'))).toEqual({ kind: 'updated' });
  });

  test('does not count a duplicate whose customer an operator has named', async () => {
    const { store } = fixture;
    await applyAll(store, 'one', acquire(), send(), abandon(), resolve('isaiah'));
    await applyAll(store, 'two', acquire(), send(), abandon());
    expect(await apply(store, 'two', acquire())).toMatchObject({
      lookup: { unknownDuplicates: 0 },
    });
  });

  test('frees a key when an operator says that no customer was created', async () => {
    const { store } = fixture;
    await applyAll(store, 'key', acquire('lunch', HOUR_MS), send(1, EXPIRED));
    expect(await apply(store, 'key', resolve())).toEqual({ kind: 'updated' });
    // A store that lacks a key of the audit would count as restored.
    expect(await store.known(['key'])).toEqual(['key']);
    expect(await apply(store, 'key', acquire('dinner'))).toMatchObject({ lookup: undefined });
    expect(await apply(store, 'missing', resolve())).toEqual({ kind: 'stale' });
  });

  test('reports an older lease as stale even if another key owns the customer', async () => {
    const { store } = fixture;
    await applyAll(store, 'owner', acquire(), complete(1, 'adele'));
    await applyAll(store, 'key', acquire('lunch', EXPIRED), acquire());
    expect(await apply(store, 'key', complete(1, 'adele'))).toEqual({ kind: 'stale' });
  });
}
