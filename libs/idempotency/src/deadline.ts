import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for `work` until the deadline, also when the client disconnects. The work goes on.
 *
 * @param deadlineAtMs in milliseconds of `performance.now()`
 * @param what names the work in the error
 */
export async function withDeadline<T>(
  work: Promise<T>,
  deadlineAtMs: number,
  what: string,
): Promise<T> {
  const timer = new AbortController();
  // Node warns of a negative time.
  const leftMs = Math.max(0, deadlineAtMs - performance.now());
  const limit = sleep(leftMs, undefined, { signal: timer.signal });
  try {
    return await Promise.race([
      work,
      limit.then(() => {
        throw new Error(`the deadline passed before ${what}`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}
