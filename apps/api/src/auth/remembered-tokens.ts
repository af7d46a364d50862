import { hash } from 'node:crypto';
import type { Caller } from '@bookings/domain';

const MAX_TOKENS = 10_000;

interface Remembered {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/**
 * Tokens that have been verified, by digest: the tokens themselves are not kept. Bounded, the one
 * not used for longest goes first, and none outlives its `exp`.
 */
export class RememberedTokens {
  readonly #callers = new Map<string, Remembered>();
  #generation = 0;

  /** Changes whenever all is forgotten. */
  get generation(): number {
    return this.#generation;
  }

  get(token: string, nowMs: number): Caller | undefined {
    const key = digest(token);
    const remembered = this.#callers.get(key);
    if (!remembered) return undefined;
    this.#callers.delete(key);
    if (remembered.expiresAtMs <= nowMs) return undefined;
    this.#callers.set(key, remembered);
    return remembered.caller;
  }

  /** @param generation when the verification began: what was forgotten meanwhile stays so */
  add(token: string, caller: Caller, expiresAtMs: number, generation: number): void {
    if (generation !== this.#generation) return;
    this.#callers.set(digest(token), { caller, expiresAtMs });
    if (this.#callers.size <= MAX_TOKENS) return;
    const [oldest] = this.#callers.keys();
    if (oldest !== undefined) this.#callers.delete(oldest);
  }

  clear(): void {
    this.#generation += 1;
    this.#callers.clear();
  }
}

function digest(token: string): string {
  return hash('sha256', token, 'base64');
}
