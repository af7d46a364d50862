import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StoreUnusable } from '../../store.ts';
import { secretCheck } from '../../sealing.ts';
import { acquire, applyAll, complete } from './events.ts';
import type { DatabaseUnderTest } from './store-under-test.ts';

const COLUMNS = `state, fence, lease_until_ms, ever_unknown, sent_at_ms, abandoned_at_ms, answer,
  changed_at_ms`;

/**
 * What a store with an SQL database does in addition to `specifyStore`.
 *
 * @param create creates an empty database
 */
export function specifyDatabase(create: () => Promise<DatabaseUnderTest>): void {
  let database: DatabaseUnderTest;
  beforeEach(async () => {
    database = await create();
  });
  afterEach(() => database.remove());
  const openWith = (current: string) => database.open({ current, previous: undefined });

  test('opens with the secrets between two rotations', async () => {
    const { dataKey } = await openWith('one');
    const rotated = await database.open({ current: 'two', previous: 'one' });
    expect(rotated.dataKey).toBe(dataKey);
    for (const current of ['one', 'two']) {
      expect((await openWith(current)).dataKey).toBe(dataKey);
    }
    expect(await rotated.forgetSecret('one')).toEqual({ was: 'known', othersOpen: false });
    expect(await rotated.forgetSecret('one')).toEqual({ was: 'unknown', othersOpen: false });
    await expect(openWith('one')).rejects.toThrow(StoreUnusable);
    expect((await openWith('two')).dataKey).toBe(dataKey);
  });

  test('never forgets the secret that it was opened with', async () => {
    const { dataKey } = await openWith('one');
    const rotated = await database.open({ current: 'two', previous: 'one' });
    expect(await rotated.forgetSecret('two')).toEqual({ was: 'current', othersOpen: true });
    await rotated.forgetSecret('one');
    expect(await rotated.forgetSecret('two')).toEqual({ was: 'current', othersOpen: false });
    expect((await openWith('two')).dataKey).toBe(dataKey);
    // Another process has forgotten it meanwhile.
    const third = await database.open({ current: 'three', previous: 'two' });
    await third.forgetSecret('two');
    await expect(rotated.forgetSecret('three')).rejects.toThrow(
      'the secret does not open this store',
    );
    expect((await openWith('three')).dataKey).toBe(dataKey);
  });

  test('says that another secret than the forgotten one still opens it', async () => {
    await openWith('one');
    await database.open({ current: 'two', previous: 'one' });
    const third = await database.open({ current: 'three', previous: 'two' });
    expect(await third.forgetSecret('mistyped')).toEqual({ was: 'unknown', othersOpen: true });
    expect(await third.forgetSecret('two')).toEqual({ was: 'known', othersOpen: true });
    expect(await third.forgetSecret('one')).toEqual({ was: 'known', othersOpen: false });
  });

  test.each([
    [undefined, 'the secret does not open this store'],
    ['a third', 'neither the secret nor the previous one opens this store'],
  ])('does not open with another secret, and the previous one %j', async (previous, message) => {
    await database.open();
    const opened = database.open({ current: 'another', previous });
    await expect(opened).rejects.toThrow(StoreUnusable);
    await expect(opened).rejects.toThrow(new StoreUnusable(message));
  });

  test('gives each store a data key of its own, and one of several that open it first', async () => {
    const opened = await Promise.all([database.open(), database.open(), database.open()]);
    expect(new Set(opened.map(({ dataKey }) => dataKey)).size).toBe(1);
    const other = await create();
    expect((await other.open()).dataKey).not.toBe(opened[0].dataKey);
    await other.remove();
  });

  test('takes the secret of a release without data keys, and stays open to it', async () => {
    await database.open();
    const check = secretCheck('secret');
    await database.sql(`DELETE FROM idempotency_meta WHERE name LIKE 'data_key %'`);
    await database.sql(
      `UPDATE idempotency_meta SET value = '${check}' WHERE name = 'secret_check'`,
    );
    expect((await database.open({ current: 'new', previous: 'secret' })).dataKey).toBe('secret');
    const [row] = await database.rows(
      `SELECT value FROM idempotency_meta WHERE name = 'secret_check'`,
    );
    expect(row).toMatchObject({ value: check });
  });

  test('forgets the secret of a release without data keys, and keeps it as data key', async () => {
    await database.sql(database.firstSchema);
    expect((await openWith('secret')).dataKey).toBe('secret');
    const rotated = await database.open({ current: 'new', previous: 'secret' });
    // A release that did not know of this value has deleted the data key of the secret alone.
    await database.sql(
      `DELETE FROM idempotency_meta WHERE name = 'data_key ${secretCheck('secret')}'`,
    );
    expect(await rotated.forgetSecret('mistyped')).toEqual({ was: 'unknown', othersOpen: true });
    expect(await rotated.forgetSecret('secret')).toEqual({ was: 'known', othersOpen: false });
    expect(await rotated.forgetSecret('secret')).toEqual({ was: 'unknown', othersOpen: false });
    await expect(openWith('secret')).rejects.toThrow(StoreUnusable);
    expect((await openWith('new')).dataKey).toBe('secret');
  });

  test('refuses a data key that was changed', async () => {
    await database.open();
    await database.sql(`UPDATE idempotency_meta SET value = 'x' WHERE name LIKE 'data_key %'`);
    await expect(database.open()).rejects.toThrow('the data key of this store is damaged');
  });

  test('does not open with the schema of a later release', async () => {
    await database.open();
    await database.sql(`UPDATE idempotency_meta SET value = '9' WHERE name = 'schema_version'`);
    const opened = database.open();
    await expect(opened).rejects.toThrow(StoreUnusable);
    await expect(opened).rejects.toThrow(/^the store's schema is version 9, of a later release/);
  });

  test('works beside a later release that has only added to the schema', async () => {
    const store = await database.open();
    await database.sql(`ALTER TABLE idempotency_keys ADD COLUMN later TEXT`);
    await database.sql(`UPDATE idempotency_meta SET value = '99' WHERE name = 'schema_revision'`);
    const restarted = await database.open();
    for (const [key, process] of Object.entries({ running: store, restarted })) {
      expect(await process.apply(key, acquire(key))).toMatchObject({ kind: 'acquired' });
    }
    const [row] = await database.rows(
      `SELECT value FROM idempotency_meta WHERE name = 'schema_revision'`,
    );
    expect(row).toMatchObject({ value: '99' });
  });

  // A process of that release restarts only while the version is one that it knows.
  test('leaves a store of the first version open to the first release', async () => {
    await database.sql(database.firstSchema);
    await database.open();
    const meta = await database.rows(`SELECT name, value FROM idempotency_meta`);
    expect(meta).toContainEqual({ name: 'schema_version', value: '1' });
    expect(meta).toContainEqual({ name: 'secret_check', value: secretCheck('secret') });
    await database.sql(`INSERT INTO idempotency_keys (key, content, ${COLUMNS})
      VALUES ('of the first release', 'x', 'reserved', 1, 0, false, NULL, NULL, NULL, 0)`);
  });

  test('upgrades a store of the first version in place', async () => {
    await database.sql(database.firstSchema);
    const store = await database.open();
    expect(await store.apply('held', acquire())).toMatchObject({ kind: 'in-progress' });
    expect(await store.apply('done', acquire('dinner'))).toMatchObject({ kind: 'replay' });
    const acquired = { fence: 0, ...(await store.apply('new', acquire('new'))) };
    expect(acquired.fence).toBeGreaterThan(7);
    expect(await store.apply('held', complete(5, 'isaiah'))).toEqual({ kind: 'updated' });
    expect((await database.records()).get('held')?.comparisons).toBeUndefined();
    await store.close();
    expect(await (await database.open()).apply('held', acquire())).toMatchObject({
      kind: 'replay',
    });
  });

  // The constraints also hold off a process of another release with other rules.
  test.each([
    ['two held records with the same fingerprint', [acquire()], 'content', "'no one'"],
    ['two records with the same customer', [acquire(), complete()], "'other'", 'customer'],
  ])('has constraints against %s', async (_title, events, content, customer) => {
    await applyAll(await database.open(), 'key', ...events);
    const copy = `INSERT INTO idempotency_keys (key, content, customer, ${COLUMNS})
      SELECT 'copy', ${content}, ${customer}, ${COLUMNS} FROM idempotency_keys`;
    await expect(database.sql(copy)).rejects.toThrow(/unique/i);
  });
}
