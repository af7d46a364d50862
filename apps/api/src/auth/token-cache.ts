import { hash } from 'node:crypto';
import type { Caller } from '@bookings/domain';
import { LRUCache } from 'lru-cache';

const MAX_TOKENS = 10_000;

/**
 * Callers of verified tokens, by the SHA-256 of the token, until its `exp`. Bounded: the least
 * recently used go first. Nothing of a token itself is kept.
 */
export class TokenCache {
  // By the wall clock, which `exp` goes by.
  readonly #callers = new LRUCache<string, Caller>({
    max: MAX_TOKENS,
    perf: Date,
    ttlResolution: 0,
  });
  #generation = 0;

  /** Grows whenever the cache is emptied. */
  get generation(): number {
    return this.#generation;
  }

  get(token: string): Caller | undefined {
    return this.#callers.get(digestOf(token));
  }

  /**
   * @param expiresAtMs Unix time
   * @param generation when the verification began: one that began before the cache was emptied
   *   rests on keys that may be gone, and does not enter
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
