/** How long without another such 429 until the limit is raised by one. */
const QUIET_MS = 60_000;

/** The limit that Graph documents for an application and a booking mailbox. */
const DOCUMENTED_LIMIT = 4;

/** What a mailbox has taught about its limit. */
export interface LearnedLimit {
  readonly limit: number;
  /** When Graph last lowered it. */
  readonly loweredAtMs: number;
}

/** The limit now: one more for each quiet minute since it was lowered. */
export function limitAt(learned: LearnedLimit | undefined, maximum: number, nowMs: number): number {
  if (!learned) return maximum;
  const quietMinutes = Math.floor((nowMs - learned.loweredAtMs) / QUIET_MS);
  return Math.min(maximum, learned.limit + quietMinutes);
}

/** When the limit is raised next; undefined when it is the maximum. */
export function raisedAtMs(
  learned: LearnedLimit | undefined,
  maximum: number,
  nowMs: number,
): number | undefined {
  if (!learned || limitAt(learned, maximum, nowMs) >= maximum) return undefined;
  const quietMinutes = Math.floor((nowMs - learned.loweredAtMs) / QUIET_MS);
  return learned.loweredAtMs + (quietMinutes + 1) * QUIET_MS;
}

/**
 * The limit after a 429 that names the mailbox's concurrency. With more requests than Graph
 * documents in flight, the 429 says nothing new.
 *
 * @param inFlight requests at Graph, with those that were given up and may still be in work
 */
export function afterOverConcurrency(
  learned: LearnedLimit | undefined,
  maximum: number,
  inFlight: number,
  nowMs: number,
): LearnedLimit | undefined {
  if (inFlight > DOCUMENTED_LIMIT) return learned;
  return { limit: Math.max(1, limitAt(learned, maximum, nowMs) - 1), loweredAtMs: nowMs };
}
