import { performance } from 'node:perf_hooks';

/** Elapsed time. It never jumps, as the time of day may. Unit tests inject their own. */
export interface Clock {
  /** Milliseconds since an arbitrary start. */
  now(): number;
  /** Calls `callback` once when `ms` have passed. @returns cancels it */
  after(ms: number, callback: () => void): () => void;
}

/** The clock of `performance.now()`. */
export const ELAPSED_TIME: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    // Node cuts off fractions, so a timer would be early. It warns of a negative time.
    const timer = setTimeout(callback, Math.max(0, Math.ceil(ms)));
    return () => {
      clearTimeout(timer);
    };
  },
};
