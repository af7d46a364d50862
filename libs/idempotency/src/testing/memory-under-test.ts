import { type MemoryEntry, MemoryStore } from './memory-store.ts';
import type { StoreUnderTest } from './specification/store-under-test.ts';

/** The data that in-memory stores share. */
export class MemoryUnderTest implements StoreUnderTest {
  readonly #entries = new Map<string, MemoryEntry>();

  async open(): Promise<MemoryStore> {
    await Promise.resolve();
    return new MemoryStore(Date.now, this.#entries);
  }

  async records() {
    await Promise.resolve();
    return new Map([...this.#entries].map(([key, { record }]) => [key, record]));
  }

  async clear(): Promise<void> {
    await Promise.resolve();
    this.#entries.clear();
  }

  async age(ms: number): Promise<void> {
    await Promise.resolve();
    for (const [key, { record, changedAtMs }] of this.#entries) {
      this.#entries.set(key, { record, changedAtMs: changedAtMs - ms });
    }
  }

  remove(): Promise<void> {
    return this.clear();
  }
}
