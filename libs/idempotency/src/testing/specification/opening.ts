import { expect, test } from '@jest/globals';
import { StoreUnusable } from '../../store.ts';
import { applyAll, claim, done, send, type Subject } from './store-under-test.ts';

/** What outlives the store, and who may open it. */
export function specifyOpening(subject: Subject): void {
  test('lets others see at once what was applied', async () => {
    await applyAll(subject.store, 'key', claim(), send());
    expect((await subject.database.records()).get('key')?.state).toBe('sent');
    expect(await subject.elsewhere.apply('key', claim())).toMatchObject({ kind: 'running' });
  });

  test('remembers an answer of 100 kB byte by byte, and nothing around it', async () => {
    const around = crypto.getRandomValues(new Uint8Array(60_000));
    const answer = Buffer.concat([around, around]).subarray(10_000, 110_000);
    await applyAll(subject.store, 'key', claim(), done(1, 'adele', answer));
    const outcome = await subject.elsewhere.apply('key', claim());
    expect(outcome.kind === 'replay' && Buffer.from(outcome.answer).equals(answer)).toBe(true);
  });

  test('remembers what was applied when it is opened again', async () => {
    const database = await subject.fresh();
    const store = await database.open();
    await applyAll(store, 'key', claim(), send());
    await store.close();
    expect(await (await database.open()).apply('key', claim())).toMatchObject({ kind: 'running' });
  });

  test('carries out what it was asked before it was closed, and nothing after', async () => {
    const store = await (await subject.fresh()).open();
    const asked = store.apply('key', claim());
    const closed = store.close();
    const late = store.apply('key', send());
    await expect(late).rejects.toThrow('closed');
    await expect(asked).resolves.toMatchObject({ kind: 'claimed' });
    await closed;
    expect(await store.unavailable()).toContain('closed');
  });

  test('is made once when many open it at once', async () => {
    const database = await subject.fresh();
    const stores = await Promise.all(Array.from({ length: 8 }, () => database.open()));
    const outcomes = await Promise.all(stores.map((store) => store.apply('key', claim())));
    expect(outcomes.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
  });

  test('is not opened with another secret', async () => {
    const opened = subject.database.open('another');
    await expect(opened).rejects.toThrow(StoreUnusable);
    await expect(opened).rejects.toThrow('the secret is not the one that this store was made with');
  });

  test('is not opened by an earlier release', async () => {
    const database = await subject.fresh();
    await database.open();
    await database.sql(`UPDATE idempotency_meta SET value = '9' WHERE name = 'schema_version'`);
    const opened = database.open();
    await expect(opened).rejects.toThrow(StoreUnusable);
    await expect(opened).rejects.toThrow(/^the store's schema is version 9, of a later release/);
  });

  test('is available', async () => {
    expect(await subject.store.unavailable()).toBeUndefined();
  });
}
