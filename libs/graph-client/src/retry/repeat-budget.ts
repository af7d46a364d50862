import { performance } from 'node:perf_hooks';

/** Each request earns a fifth of a repeat. */
const EARNED = 0.2;
/** How many repeats are possible at once. */
const SAVED = 10;
/** Repeats a second that need not be earned. With those at once, they are ten a second over 5 s. */
const PER_SECOND = 8;

/** Limits the repeats of a process, which would otherwise multiply the load on a Graph that fails. */
export class RepeatBudget {
  #left = SAVED;
  #countedAtMs: number;

  /** @param now elapsed time in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#countedAtMs = now();
  }

  /** Counts a request that is sent for the first time. */
  earn(): void {
    this.#add(EARNED);
  }

  /** @returns whether a request may be repeated */
  spend(): boolean {
    this.#add(0);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  #add(earned: number): void {
    const nowMs = this.now();
    const elapsedMs = nowMs - this.#countedAtMs;
    this.#countedAtMs = nowMs;
    this.#left = Math.min(SAVED, this.#left + earned + (elapsedMs * PER_SECOND) / 1000);
  }
}
