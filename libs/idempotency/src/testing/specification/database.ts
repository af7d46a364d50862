import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StoreUnusable } from '../../store.ts';
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

  test('does not open with another secret', async () => {
    await database.open();
    const opened = database.open('another');
    await expect(opened).rejects.toThrow(StoreUnusable);
    await expect(opened).rejects.toThrow('the secret is not the one that this store was made with');
  });

  test('does not open with the schema of a later release', async () => {
    await database.open();
    await database.sql(`UPDATE idempotency_meta SET value = '9' WHERE name = 'schema_version'`);
    const opened = database.open();
    await expect(opened).rejects.toThrow(StoreUnusable);
    await expect(opened).rejects.toThrow(/^the store's schema is version 9, of a later release/);
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
