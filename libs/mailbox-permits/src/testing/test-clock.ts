import type { Clock } from '@bookings/graph-client';

/** A clock that stands still until a test lets time pass. */
export class TestClock implements Clock {
  #nowMs = 0;
  /** By how much each look at the clock moves it. */
  creepMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  now(): number {
    this.#nowMs += this.creepMs;
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets the time pass, with what happens meanwhile in its order. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#timers].toSorted((one, other) => one.atMs - other.atMs);
      if (!next || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.callback();
      await settled();
    }
    this.#nowMs = untilMs;
  }
}

/** Resolves when all that happens without a timer has happened. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
