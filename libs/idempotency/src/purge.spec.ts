import { expect, it } from '@jest/globals';
import { MemoryData } from './testing/memory-data.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { Purge } from './purge.ts';
import { applyAll, acquire, complete } from './testing/specification/events.ts';

const RETENTION_MS = 1000;

/** A store whose batches can be awaited. */
class WatchedStore extends MemoryStore {
  readonly batches: number[] = [];
  #enough = Promise.withResolvers<undefined>();
  #awaited = Infinity;

  override async purge(retentionMs: number, limit: number): Promise<number> {
    try {
      const count = await super.purge(retentionMs, limit);
      this.batches.push(count);
      return count;
    } finally {
      if (this.batches.length >= this.#awaited) this.#enough.resolve(undefined);
    }
  }

  async batchesMade(count: number): Promise<readonly number[]> {
    this.#awaited = count;
    this.#enough = Promise.withResolvers();
    if (this.batches.length < count) await this.#enough.promise;
    return this.batches;
  }
}

it('deletes expired records in batches, and repeats after the interval', async () => {
  let nowMs = 0;
  const store = new WatchedStore(new MemoryData(() => nowMs));
  for (let index = 0; index < 5; index += 1) {
    await applyAll(
      store,
      `key ${index}`,
      acquire(`fingerprint ${index}`),
      complete(1, `customer ${index}`),
    );
  }
  nowMs = RETENTION_MS;
  const purge = new Purge(store, RETENTION_MS, { intervalMs: 1, batchSize: 2, pauseMs: 1 });
  expect((await store.batchesMade(4)).slice(0, 4)).toEqual([2, 2, 1, 0]);
  await purge.close();
});

it('continues after the store was unavailable, and stops when it is closed', async () => {
  const store = new WatchedStore();
  store.failing = new Error('unavailable');
  const purge = new Purge(store, RETENTION_MS, { intervalMs: 1, batchSize: 2, pauseMs: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(store.batches).toEqual([]);
  store.failing = undefined;
  await store.batchesMade(1);
  await purge.close();
  const { length } = store.batches;
  await new Promise((resolve) => setImmediate(resolve));
  expect(store.batches).toHaveLength(length);
});
