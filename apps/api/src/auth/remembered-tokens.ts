import { hash } from 'node:crypto';
import type { Caller } from '@bookings/domain';
import { RecentMap } from './recent-map.ts';
import { SeenEnds } from './seen-ends.ts';

const MAX_TOKENS = 10_000;

/**
 * How much of a token's end, of its signature, it is looked for by: no two that were verified have
 * these 68 random bits in common. A piece of 13 characters would keep the whole token in memory (V8).
 */
const END_CHARACTERS = 12;

interface Remembered {
  readonly caller: Caller;
  readonly expiresAtMs: number;
  /** SHA-256 of the token. */
  readonly digest: string;
}

/** The last token that came over a connection and was remembered. */
interface Last {
  readonly token: string;
  readonly remembered: Remembered;
}

/**
 * Tokens that have been verified twice: most that come a second time come a hundred times, and of one
 * that came once nothing is kept but that it did. To keep each cost a fifth of what verifying it took.
 *
 * Kept is what a token ends with, and its digest. A caller sends one token over and over, and mostly
 * over the same connections, so that the last one of each connection is kept itself, as long as the
 * connection is: to make its digest for every request was 2 to 3 % of a create. Bounded: those that are
 * not used for longest go first, where use over the connection that one was last on does not count; it
 * is known there all the same. None is known after its `exp`.
 */
export class RememberedTokens {
  readonly #byEnd = new RecentMap<Remembered>(MAX_TOKENS);
  /** Stays when all is forgotten: what was seen before is remembered when it is verified again. */
  readonly #seen = new SeenEnds();
  #last = new WeakMap<object, Last>();
  #generation = 0;

  /** Changes whenever all is forgotten. */
  get generation(): number {
    return this.#generation;
  }

  /** @param connection that the token came over */
  get(token: string, connection: object, nowMs: number): Caller | undefined {
    const last = this.#last.get(connection);
    if (last?.token === token) {
      return last.remembered.expiresAtMs > nowMs ? last.remembered.caller : undefined;
    }
    const remembered = this.#find(token, nowMs);
    if (remembered) this.#last.set(connection, { token, remembered });
    return remembered?.caller;
  }

  /**
   * Must be told of every token that was verified.
   *
   * @param generation when the verification began: what was forgotten meanwhile stays so
   */
  add(token: string, caller: Caller, expiresAtMs: number, generation: number): void {
    const end = endOf(token);
    if (!this.#seen.again(end) || generation !== this.#generation) return;
    this.#byEnd.set(end, { caller, expiresAtMs, digest: digestOf(token) });
  }

  clear(): void {
    this.#generation += 1;
    this.#byEnd.clear();
    this.#last = new WeakMap();
  }

  /** By its end, and its digest must be the same: anybody can give a text the end of another. */
  #find(token: string, nowMs: number): Remembered | undefined {
    const end = endOf(token);
    const remembered = this.#byEnd.get(end);
    if (!remembered || remembered.expiresAtMs <= nowMs) return undefined;
    if (remembered.digest !== digestOf(token)) return undefined;
    this.#byEnd.use(end);
    return remembered;
  }
}

function endOf(token: string): string {
  return token.slice(-END_CHARACTERS);
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
