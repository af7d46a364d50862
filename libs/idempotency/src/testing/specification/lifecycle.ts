import { expect, test } from '@jest/globals';
import { apply, acquire, applyAll, complete, send } from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

/** Durability, opening and closing. */
export function specifyLifecycle(fixture: StoreFixture): void {
  test('makes an applied event visible to other processes at once', async () => {
    await applyAll(fixture.store, 'key', acquire(), send());
    expect((await fixture.data.records()).get('key')?.state).toBe('sent');
    expect(await apply(fixture.otherProcess, 'key', acquire())).toMatchObject({
      kind: 'in-progress',
    });
  });

  test('stores a response of 100 kB that is a view of a larger buffer', async () => {
    const random = crypto.getRandomValues(new Uint8Array(60_000));
    const response = Buffer.concat([random, random]).subarray(10_000, 110_000);
    await applyAll(fixture.store, 'key', acquire(), complete(1, 'adele', response));
    const outcome = await apply(fixture.otherProcess, 'key', acquire());
    expect(outcome.kind === 'replay' && Buffer.from(outcome.response).equals(response)).toBe(true);
  });

  test('keeps the records when it is closed and opened again', async () => {
    const data = await fixture.createData();
    const store = await data.open();
    await applyAll(store, 'key', acquire(), send());
    await store.close();
    expect(await apply(await data.open(), 'key', acquire())).toMatchObject({
      kind: 'in-progress',
    });
  });

  test('finishes events from before close() and rejects later ones', async () => {
    const store = await (await fixture.createData()).open();
    const before = apply(store, 'key', acquire());
    const closed = store.close();
    const after = apply(store, 'key', send());
    await expect(after).rejects.toThrow('closed');
    await expect(before).resolves.toMatchObject({ kind: 'acquired' });
    await closed;
    expect(await store.unavailable()).toContain('closed');
  });

  test('can be created by many processes at once', async () => {
    const data = await fixture.createData();
    const stores = await Promise.all(Array.from({ length: 8 }, () => data.open()));
    const outcomes = await Promise.all(stores.map((store) => apply(store, 'key', acquire())));
    expect(outcomes.filter(({ kind }) => kind === 'acquired')).toHaveLength(1);
  });

  test('is available, which leaves no record', async () => {
    expect(await fixture.store.unavailable()).toBeUndefined();
    expect((await fixture.data.records()).size).toBe(0);
  });
}
