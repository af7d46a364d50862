import { performance } from 'node:perf_hooks';

/** A token and how long it is good for. */
export interface IssuedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

interface Entry {
  readonly token: Promise<string>;
  /** In milliseconds of `performance.now()`; infinite while the token is being fetched. */
  staleAtMs: number;
  value?: string;
}

const MAX_TOKENS = 1000;
/** A token is not handed out in the last part of its life: it must outlast the request it is for. */
const RESERVE_MS = 60_000;

/** Remembers tokens until shortly before they expire; however many ask at once, one is fetched. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();

  get(key: string, fetchToken: () => Promise<IssuedToken>): Promise<string> {
    const known = this.#entries.get(key);
    if (known && known.staleAtMs > performance.now()) return known.token;
    this.#entries.delete(key);
    const entry: Entry = { staleAtMs: Infinity, token: this.#fill(key, () => entry, fetchToken) };
    this.#entries.set(key, entry);
    this.#dropOldest();
    return entry.token;
  }

  forget(token: string): void {
    for (const [key, entry] of this.#entries) if (entry.value === token) this.#entries.delete(key);
  }

  async #fill(
    key: string,
    entry: () => Entry,
    fetchToken: () => Promise<IssuedToken>,
  ): Promise<string> {
    try {
      const { token, lifetimeMs } = await fetchToken();
      entry().value = token;
      entry().staleAtMs = performance.now() + Math.max(lifetimeMs - RESERVE_MS, lifetimeMs / 2);
      return token;
    } catch (error) {
      // A failure is nobody's token: the next caller asks again.
      if (this.#entries.get(key) === entry()) this.#entries.delete(key);
      throw error;
    }
  }

  #dropOldest(): void {
    if (this.#entries.size <= MAX_TOKENS) return;
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
