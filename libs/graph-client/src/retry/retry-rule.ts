/** A request is tried so often at most, however much time is left. */
export const MAX_ATTEMPTS = 3;

const LEAST_ATTEMPT_MS = 250;

/**
 * Time that must be left for an attempt to be worth making: a write begun with less would most
 * likely be cut off half-way, and nobody could say whether it happened.
 *
 * @param budgetMs all the time that the request has; a very short one is not eaten up by this
 */
export function attemptReserveMs(budgetMs: number): number {
  return Math.min(LEAST_ATTEMPT_MS, budgetMs / 4);
}

const FIRST_BACKOFF_MS = { throttled: 1000, 'not-sent': 100, lost: 250 } as const;

/** How an attempt ended, as far as sending it again goes. */
export type AttemptEnd =
  /** 429: rejected before any work was done. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | undefined }
  /** Not a byte of the request was written: no connection, or none in time. */
  | { readonly kind: 'not-sent' }
  /** Begun and lost, or answered with a failure that may pass: Graph may have acted. */
  | { readonly kind: 'lost'; readonly retryAfterMs: number | undefined }
  /** Answered, or given up. */
  | { readonly kind: 'final' };

/**
 * Whether a request may be sent again, and after how many milliseconds. A write only when Graph
 * surely did not act; what may be repeated also when nobody can know. Only when the pause that
 * Graph asks for fits what is left, and no more than MAX_ATTEMPTS times.
 *
 * @param repeatable whether doing it twice is the same as doing it once: reads and DELETE
 * @param made attempts so far, from 1
 * @param leftMs until an attempt would no longer be worth making
 * @param random from 0 to 1, spreads callers that failed together
 * @returns undefined when it may not
 */
export function pauseBeforeNextMs(
  end: AttemptEnd,
  repeatable: boolean,
  made: number,
  leftMs: number,
  random = Math.random(),
): number | undefined {
  if (end.kind === 'final' || made >= MAX_ATTEMPTS) return undefined;
  if (end.kind === 'lost' && !repeatable) return undefined;
  const backoffMs = FIRST_BACKOFF_MS[end.kind] * 2 ** (made - 1) * (1 + random) * 0.5;
  const pauseMs = end.kind === 'not-sent' ? backoffMs : (end.retryAfterMs ?? backoffMs);
  return pauseMs <= leftMs ? pauseMs : undefined;
}
