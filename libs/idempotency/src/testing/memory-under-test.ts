import { MemoryData } from './memory-data.ts';
import { MemoryStore } from './memory-store.ts';
import type { StoreUnderTest } from './specification/store-under-test.ts';

/** The data that in-memory stores share. */
export class MemoryUnderTest implements StoreUnderTest {
  readonly #data = new MemoryData();

  async open(): Promise<MemoryStore> {
    await Promise.resolve();
    return new MemoryStore(this.#data);
  }

  async records() {
    await Promise.resolve();
    return new Map(this.#data.records);
  }

  async clear(): Promise<void> {
    await Promise.resolve();
    this.#data.records.clear();
    this.#data.lastFence = 0;
    this.#data.guard = undefined;
  }

  async age(ms: number): Promise<void> {
    await Promise.resolve();
    for (const [key, record] of this.#data.records) {
      this.#data.records.set(key, { ...record, changedAtMs: record.changedAtMs - ms });
    }
  }

  async moveClock(ms: number): Promise<void> {
    await Promise.resolve();
    this.#data.moveClock(ms);
  }

  remove(): Promise<void> {
    return this.clear();
  }
}
