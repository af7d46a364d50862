import { isMarkedAsUntransferable } from 'node:worker_threads';

/**
 * Frees the memory of `buffers` now; they are empty from then on, and so is whatever shares it. For
 * pages, of whose bytes V8 would have to find out by itself that nobody needs them: it marks the
 * whole heap for that, whenever a dozen MB of them have come up. What lies in Node's pool stays.
 *
 * @param buffers which are the caller's alone, and which nobody is writing or reading any more
 */
export function giveBack(buffers: readonly Buffer[]): void {
  for (const { buffer } of buffers) {
    if (!(buffer instanceof ArrayBuffer) || buffer.detached) continue;
    // Node marks its pool so, which many buffers share (worker_threads, markAsUntransferable).
    if (!isMarkedAsUntransferable(buffer)) buffer.transfer(0);
  }
}
