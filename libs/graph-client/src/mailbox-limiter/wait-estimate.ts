/** What is known about the places of a mailbox. Times are those of the limiter's clock. */
export interface Outlook {
  /** When each place is expected to be free, at least one. */
  readonly freeAtMs: readonly number[];
  /** How long a request will hold its place. */
  readonly holdMs: number;
  /** The end of the pause, if only one request may go first after it. */
  readonly firstAtMs: number | undefined;
  /** When the first request after a pause, which is in flight, is expected to end. */
  readonly firstEndsAtMs: number | undefined;
}

/**
 * When a request that waits now will get its place.
 *
 * @param ahead number of requests that get theirs before
 */
export function startAtMs(outlook: Outlook, ahead: number): number {
  const { freeAtMs, holdMs, firstAtMs, firstEndsAtMs = -Infinity } = outlook;
  if (firstAtMs === undefined)
    return nthStartAtMs(notBefore(freeAtMs, firstEndsAtMs), holdMs, ahead);
  const first = Math.max(firstAtMs, Math.min(...freeAtMs));
  if (ahead === 0) return first;
  return nthStartAtMs(notBefore(freeAtMs, first + holdMs), holdMs, ahead - 1);
}

function notBefore(freeAtMs: readonly number[], earliestMs: number): number[] {
  return freeAtMs.map((each) => Math.max(each, earliestMs));
}

/** Each place takes the next request whenever it is free, and holds it for `holdMs`. */
function nthStartAtMs(freeAtMs: readonly number[], holdMs: number, ahead: number): number {
  const free = freeAtMs.toSorted((one, other) => one - other);
  let left = holdMs > 0 ? ahead : 0;
  while (left > 0 && (free.at(-1) ?? 0) - (free[0] ?? 0) >= holdMs) {
    free[0] = (free[0] ?? 0) + holdMs;
    free.sort((one, other) => one - other);
    left -= 1;
  }
  // Now each round of the places is like the one before.
  const rounds = Math.floor(left / free.length);
  return (free[left % free.length] ?? 0) + rounds * holdMs;
}
