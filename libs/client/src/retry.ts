import { BookingsApiError } from './bookings-api-error.ts';
import type { CallDeadline } from './call-deadline.ts';
import { retryDelayMs } from './retry-rule.ts';

export interface RetryOptions {
  /** The key of every attempt. Without a key there is only one attempt. */
  readonly key: string | undefined;
  readonly maxAttempts: number;
  readonly deadline: CallDeadline;
}

/**
 * Makes attempts until one succeeds, an error is not retryable, or a limit is reached.
 *
 * @throws BookingsApiError with the error of the last response and the outcome of all attempts
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { key, maxAttempts, deadline }: RetryOptions,
): Promise<T> {
  let last: BookingsApiError | undefined;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      deadline.throwIfAborted();
      last = summary(last, error, key);
      // No request was sent, for example because there was no token.
      if (last === undefined) throw error;
      // No further request can be sent, but the earlier ones determine the outcome.
      if (!(error instanceof BookingsApiError)) throw last;
    }
    const mayRetry = key !== undefined && attempts < maxAttempts;
    const delayMs = mayRetry ? retryDelayMs(last, attempts, Math.random()) : undefined;
    if (delayMs === undefined || !deadline.allowsWait(delayMs)) throw last;
    await deadline.wait(delayMs);
  }
}

/** The error of all attempts so far; undefined if no request was sent. */
function summary(
  before: BookingsApiError | undefined,
  error: unknown,
  idempotencyKey: string | undefined,
): BookingsApiError | undefined {
  const current = error instanceof BookingsApiError ? error : undefined;
  // An exceeded deadline says less than a response.
  const isResponse = current !== undefined && current.code !== 'DeadlineExceeded';
  const final = isResponse ? current : (before ?? current);
  if (final === undefined) return undefined;
  const { message, status, code, requestId, clientRequestId, details, retryAfterSeconds } = final;
  const isUnknown = before?.outcome === 'unknown' || current?.outcome === 'unknown';
  return new BookingsApiError(message, {
    status,
    code,
    requestId,
    clientRequestId,
    details,
    retryAfterSeconds,
    idempotencyKey,
    // One attempt with an unknown outcome makes the outcome of the create unknown.
    outcome: isUnknown ? 'unknown' : final.outcome,
    cause: current ? final.cause : error,
  });
}
