import type { Caller } from '@bookings/domain';

/** So many at most, and at least half of that. */
const MAX_TOKENS = 10_000;

interface Remembered {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/**
 * Tokens that have been verified, by digest: the tokens are not kept here. Bounded, those not
 * used for longest go first, and none outlives its `exp`.
 *
 * Two maps take turns: when the newer one is full, the older one goes with all that nobody has asked
 * for since. One map in the order of use would be written to by every request.
 */
export class RememberedTokens {
  #newer = new Map<string, Remembered>();
  #older = new Map<string, Remembered>();
  #generation = 0;

  /** Changes whenever all is forgotten. */
  get generation(): number {
    return this.#generation;
  }

  get(digest: string, nowMs: number): Caller | undefined {
    const used = this.#newer.get(digest);
    const remembered = used ?? this.#older.get(digest);
    if (!remembered || remembered.expiresAtMs <= nowMs) return undefined;
    if (!used) this.#keep(digest, remembered);
    return remembered.caller;
  }

  /** @param generation when the verification began: what was forgotten meanwhile stays so */
  add(digest: string, caller: Caller, expiresAtMs: number, generation: number): void {
    if (generation === this.#generation) this.#keep(digest, { caller, expiresAtMs });
  }

  clear(): void {
    this.#generation += 1;
    this.#newer.clear();
    this.#older.clear();
  }

  #keep(digest: string, remembered: Remembered): void {
    if (this.#newer.size >= MAX_TOKENS / 2) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(digest, remembered);
  }
}
