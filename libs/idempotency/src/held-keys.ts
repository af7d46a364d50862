import type { RunningCreate } from './idempotent-create.ts';

/** What identifies a key and its duplicates. */
type Held = Pick<RunningCreate, 'key' | 'fingerprint'>;

/** The keys that the requests of this process hold. */
export class HeldKeys {
  readonly #held = new Set<Held>();

  /** Whether a request of this process holds the key or a duplicate of it. */
  has({ key, fingerprint }: Held): boolean {
    for (const held of this.#held) {
      if (held.key === key || held.fingerprint === fingerprint) return true;
    }
    return false;
  }

  async during<T>(held: Held, work: () => Promise<T>): Promise<T> {
    this.#held.add(held);
    try {
      return await work();
    } finally {
      this.#held.delete(held);
    }
  }
}
