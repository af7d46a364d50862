/** The most attempts of one request. */
export const MAX_ATTEMPTS = 3;

const MAX_RESERVE_MS = 250;

/**
 * The time that must remain before an attempt may start. With less, a write would probably be cut
 * off with an unknown outcome.
 *
 * @param budgetMs the whole time of the request; a short one has a smaller reserve
 */
export function attemptReserveMs(budgetMs: number): number {
  return Math.min(MAX_RESERVE_MS, budgetMs / 4);
}

const FIRST_BACKOFF_MS = { throttled: 1000, 'not-sent': 100, lost: 250 } as const;

/** How an attempt ended, for the decision about another one. */
export type AttemptResult =
  /** 429: Graph rejected the request without acting on it. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number | undefined }
  /** No byte of the request was sent: there was no connection in time. */
  | { readonly kind: 'not-sent' }
  /** The connection was lost, or Graph had a transient failure: Graph may have acted. */
  | { readonly kind: 'lost'; readonly retryAfterMs: number | undefined }
  /** Any other response, or an aborted request. */
  | { readonly kind: 'final' };

/**
 * Decides whether a request is sent again, and after which delay. A write is sent again only if
 * Graph did not act on it. A repeatable request is also sent again if Graph may have acted. The
 * delay must fit into the remaining time.
 *
 * @param repeatable whether two requests have the same effect as one: reads and DELETE
 * @param attempts number of attempts so far, from 1
 * @param remainingMs until it is too late to start an attempt
 * @param random from 0 to 1; spreads the retries of callers
 * @returns milliseconds, or undefined for no retry
 */
export function retryDelayMs(
  result: AttemptResult,
  repeatable: boolean,
  attempts: number,
  remainingMs: number,
  random = Math.random(),
): number | undefined {
  if (result.kind === 'final' || attempts >= MAX_ATTEMPTS) return undefined;
  if (result.kind === 'lost' && !repeatable) return undefined;
  const backoffMs = FIRST_BACKOFF_MS[result.kind] * 2 ** (attempts - 1) * (1 + random) * 0.5;
  const delayMs = result.kind === 'not-sent' ? backoffMs : (result.retryAfterMs ?? backoffMs);
  return delayMs <= remainingMs ? delayMs : undefined;
}
