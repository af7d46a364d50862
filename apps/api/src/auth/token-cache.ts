import { hash } from 'node:crypto';
import type { Caller } from '@bookings/domain';
import { LRUCache } from 'lru-cache';

const MAX_TOKENS = 10_000;

/** Callers of verified tokens by the SHA-256 of the token, until its `exp`. Stores no tokens. */
export class TokenCache {
  // `exp` refers to the wall clock.
  readonly #callers = new LRUCache<string, Caller>({
    max: MAX_TOKENS,
    perf: Date,
    ttlResolution: 0,
  });
  #generation = 0;

  /** Increases whenever the cache is cleared. */
  get generation(): number {
    return this.#generation;
  }

  get(token: string): Caller | undefined {
    return this.#callers.get(digestOf(token));
  }

  /**
   * @param expiresAtMs Unix time
   * @param generation at the start of the verification. A token is not added if the cache was
   *   cleared since then, because its key may have been withdrawn.
   */
  add(token: string, caller: Caller, expiresAtMs: number, generation: number): void {
    const ttl = expiresAtMs - Date.now();
    if (generation === this.#generation && ttl > 0) {
      this.#callers.set(digestOf(token), caller, { ttl });
    }
  }

  clear(): void {
    this.#generation += 1;
    this.#callers.clear();
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
