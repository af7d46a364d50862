import { expect, test } from '@jest/globals';
import type { KeyEvent } from '../../transition.ts';
import {
  abandon,
  ANSWER,
  applyAll,
  claim,
  done,
  HOUR_MS,
  release,
  resolve,
  RUN_OUT,
  send,
  type Subject,
} from './store-under-test.ts';

const COLUMNS = `state, fence, lease_until_ms, ever_unknown, sent_at_ms, abandoned_at_ms, answer,
  changed_at_ms`;

/** What one key has to do with another: duplicates, and customers that have an owner. */
export function specifyOtherKeys(subject: Subject): void {
  test('tells a look-up how many duplicates nobody knows of', async () => {
    const { store } = subject;
    await applyAll(store, 'one', claim(), send(), abandon());
    await applyAll(store, 'two', claim('lunch', HOUR_MS), send(1, RUN_OUT));
    await applyAll(store, 'other', claim('dinner'), send(), abandon());
    const look = async (key: string, ...events: readonly KeyEvent[]) => {
      const outcome = await applyAll(store, key, ...events);
      return outcome?.kind === 'claimed' ? outcome.look?.unsettledDuplicates : undefined;
    };
    // Of `two` nobody knows either, since its lease has run out.
    expect(await look('one', claim())).toBe(1);
    expect(await look('two', claim('lunch', RUN_OUT))).toBeUndefined();
    await store.apply('one', abandon(2));
    expect(await look('two', claim())).toBe(1);
    await store.apply('two', done(3, 'adele'));
    expect(await look('one', claim())).toBe(0);
  });

  test('says which customers belong to a key', async () => {
    const { store } = subject;
    await applyAll(store, 'one', claim(), send(), done(1, 'adele'));
    await applyAll(store, 'two', claim('dinner'), send(), done(1, 'isaiah'));
    expect(await store.owned(['nobody', 'adele'])).toEqual(['adele']);
    expect(await store.owned([])).toEqual([]);
  });

  test.each([
    ['reserved', [claim()]],
    ['sent', [claim(), send()]],
  ])('claims nothing while a duplicate is %s', async (_state, events) => {
    const { store, database } = subject;
    await applyAll(store, 'duplicate', ...events);
    const before = await database.records();
    expect(await store.apply('key', claim())).toMatchObject({ kind: 'running' });
    expect(await database.records()).toEqual(before);
  });

  test.each([
    ['done', [claim(), done()]],
    ['free', [claim(), release()]],
    ['unknown', [claim(), send(), abandon()]],
  ])('claims while a duplicate is %s', async (_state, events) => {
    const { store } = subject;
    await applyAll(store, 'duplicate', ...events);
    expect(await store.apply('key', claim())).toEqual({
      kind: 'claimed',
      fence: 1,
      look: undefined,
      tookOver: false,
    });
  });

  test('claims beside a key of other content', async () => {
    const { store } = subject;
    await store.apply('other', claim('dinner'));
    expect(await store.apply('key', claim())).toMatchObject({ kind: 'claimed' });
  });

  test('replays an answer while a duplicate is held', async () => {
    const { store } = subject;
    await applyAll(store, 'key', claim(), done());
    await store.apply('duplicate', claim());
    expect(await store.apply('key', claim())).toEqual({ kind: 'replay', answer: ANSWER });
  });

  test.each([
    ['reserved', [claim('lunch', RUN_OUT)], 'free'],
    ['sent', [claim(), send(1, RUN_OUT)], 'unknown'],
  ])('ends the lease of a duplicate that was %s and is no longer', async (_state, events, state) => {
    const { store, database } = subject;
    await applyAll(store, 'duplicate', ...events);
    expect(await store.apply('key', claim())).toMatchObject({ kind: 'claimed', fence: 1 });
    expect((await database.records()).get('duplicate')).toMatchObject({ state, fence: 2 });
    expect(await store.apply('duplicate', done())).toEqual({ kind: 'lost' });
  });

  test('changes nothing where the customer belongs to another key', async () => {
    const { store, database } = subject;
    await applyAll(store, 'owner', claim(), send(), done(1, 'adele'));
    await applyAll(store, 'key', claim(), send());
    const before = await database.records();
    expect(await store.apply('key', done(1, 'adele'))).toEqual({ kind: 'owned' });
    expect(await database.records()).toEqual(before);
    expect(await store.apply('key', done(1, 'isaiah'))).toEqual({ kind: 'moved' });
  });

  test('keeps what an operator says of a key, but no customer of another', async () => {
    const { store } = subject;
    await applyAll(store, 'owner', claim(), send(), done(1, 'adele'));
    await applyAll(store, 'key', claim(), send(), abandon());
    expect(await store.apply('key', resolve('adele'))).toEqual({ kind: 'owned' });
    expect(await store.apply('key', resolve('isaiah'))).toEqual({ kind: 'moved' });
    expect(await store.owned(['isaiah'])).toEqual(['isaiah']);
    const claimed = await store.apply('key', claim());
    expect(claimed).toMatchObject({ kind: 'claimed', look: { customer: 'isaiah' } });
    expect(await store.apply('key', done(2, 'isaiah'))).toEqual({ kind: 'moved' });
  });

  test('counts no duplicate of which an operator has said what it has created', async () => {
    const { store } = subject;
    await applyAll(store, 'one', claim(), send(), abandon(), resolve('isaiah'));
    await applyAll(store, 'two', claim(), send(), abandon());
    expect(await store.apply('two', claim())).toMatchObject({ look: { unsettledDuplicates: 0 } });
  });

  test('frees a key of which an operator says that it has created nothing', async () => {
    const { store } = subject;
    await applyAll(store, 'key', claim('lunch', HOUR_MS), send(1, RUN_OUT));
    expect(await store.apply('key', resolve())).toEqual({ kind: 'moved' });
    expect(await store.apply('key', claim('dinner'))).toMatchObject({ look: undefined });
    expect(await store.apply('nobody', resolve())).toEqual({ kind: 'lost' });
  });

  test('says lost, not owned, to who has lost the key', async () => {
    const { store } = subject;
    await applyAll(store, 'owner', claim(), done(1, 'adele'));
    await applyAll(store, 'key', claim('lunch', RUN_OUT), claim());
    expect(await store.apply('key', done(1, 'adele'))).toEqual({ kind: 'lost' });
  });

  // Whatever the code does: two processes of different releases may be at it.
  test.each([
    ['a second holder of the same content', [claim()], 'content', "'no one'"],
    ['a second owner of a customer', [claim(), done()], "'other'", 'customer'],
  ])('has a database that refuses %s', async (_title, events, content, customer) => {
    const { store, database } = subject;
    await applyAll(store, 'key', ...events);
    const copy = `INSERT INTO idempotency_keys (key, content, customer, ${COLUMNS})
      SELECT 'copy', ${content}, ${customer}, ${COLUMNS} FROM idempotency_keys`;
    await expect(database.sql(copy)).rejects.toThrow(/unique/i);
  });
}
