import { performance } from 'node:perf_hooks';

/** A token and its lifetime. */
export interface IssuedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** When a token is replaced, in milliseconds of `performance.now()`. */
export interface TokenAges {
  /** From then on it is refreshed in the background. */
  readonly refreshAtMs: number;
  /** From then on it is not used: it must outlast the request. */
  readonly staleAtMs: number;
}

interface Entry extends TokenAges {
  readonly token: string;
  /** The earliest retry after a failed refresh. */
  refreshNotBeforeMs: number;
}

const MAX_TOKENS = 1000;
const REFRESH_BEFORE_MS = 300_000;
const RESERVE_MS = 60_000;
const REFRESH_RETRY_DELAY_MS = 10_000;
const SWEEP_MS = 60_000;

/** @param nowMs in milliseconds of `performance.now()` */
export function agesOf(lifetimeMs: number, nowMs: number): TokenAges {
  return {
    refreshAtMs: nowMs + Math.max(lifetimeMs - REFRESH_BEFORE_MS, lifetimeMs / 2),
    staleAtMs: nowMs + Math.max(lifetimeMs - RESERVE_MS, (lifetimeMs * 3) / 4),
  };
}

/**
 * Caches the MAX_TOKENS most recently used tokens until shortly before they expire. Concurrent
 * requests share one fetch. A token is refreshed in the background before it becomes stale.
 */
export class TokenCache {
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #fetching = new Map<string, Promise<string>>();
  readonly #sweep: NodeJS.Timeout;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#sweep = setInterval(() => {
      this.dropStale();
    }, SWEEP_MS).unref();
  }

  get size(): number {
    return this.#entries.size;
  }

  async get(key: string, fetchToken: () => Promise<IssuedToken>): Promise<string> {
    const known = this.#entries.get(key);
    const nowMs = this.now();
    if (!known || known.staleAtMs <= nowMs) return this.#fetch(key, fetchToken);
    this.#entries.delete(key);
    this.#entries.set(key, known);
    if (nowMs >= Math.max(known.refreshAtMs, known.refreshNotBeforeMs)) {
      // A later request reports the error, once the token is stale.
      this.#fetch(key, fetchToken).catch(() => {
        known.refreshNotBeforeMs = this.now() + REFRESH_RETRY_DELAY_MS;
      });
    }
    return known.token;
  }

  forget(token: string): void {
    for (const [key, entry] of this.#entries) if (entry.token === token) this.#entries.delete(key);
  }

  /** Removes stale tokens from memory. */
  dropStale(): void {
    const nowMs = this.now();
    for (const [key, { staleAtMs }] of this.#entries) {
      if (staleAtMs <= nowMs) this.#entries.delete(key);
    }
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#entries.clear();
  }

  #fetch(key: string, fetchToken: () => Promise<IssuedToken>): Promise<string> {
    const running = this.#fetching.get(key);
    if (running) return running;
    const fetching = this.#fill(key, fetchToken).finally(() => {
      this.#fetching.delete(key);
    });
    this.#fetching.set(key, fetching);
    return fetching;
  }

  async #fill(key: string, fetchToken: () => Promise<IssuedToken>): Promise<string> {
    const { token, lifetimeMs } = await fetchToken();
    this.#entries.delete(key);
    this.#entries.set(key, { token, ...agesOf(lifetimeMs, this.now()), refreshNotBeforeMs: 0 });
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= MAX_TOKENS) break;
      this.#entries.delete(oldest);
    }
    return token;
  }
}
