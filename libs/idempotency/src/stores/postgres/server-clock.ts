import { performance } from 'node:perf_hooks';
import { CLOCK_STEP_MS, type StoreTime } from '../../store-time.ts';

/**
 * Notices when the server's clock is set, by the elapsed time of this process. It knows nothing of
 * what happened before its first reading.
 */
export class ServerClock {
  /** The server's clock minus elapsed time is between these. */
  #leastAheadMs = -Infinity;
  #mostAheadMs = Infinity;
  #evenSinceMs = 0;

  constructor(private readonly elapsedMs: () => number = () => performance.now()) {}

  /** Call it before the server is asked. @returns what the server's clock shows, for its answer */
  reading(): (nowMs: number) => StoreTime {
    const askedAtMs = this.elapsedMs();
    return (nowMs) => {
      const mostAheadMs = nowMs - askedAtMs;
      const leastAheadMs = nowMs - this.elapsedMs();
      const wasSet =
        leastAheadMs > this.#mostAheadMs + CLOCK_STEP_MS ||
        mostAheadMs < this.#leastAheadMs - CLOCK_STEP_MS;
      if (wasSet) this.#evenSinceMs = nowMs;
      this.#leastAheadMs = leastAheadMs;
      this.#mostAheadMs = mostAheadMs;
      return { nowMs, evenSinceMs: this.#evenSinceMs, leasesSinceMs: this.#evenSinceMs };
    };
  }
}
