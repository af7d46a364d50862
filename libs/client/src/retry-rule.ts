import type { BookingsApiError } from './bookings-api-error.ts';

/** The minimum also for a Retry-After in the past, because clocks differ. */
const MIN_WAIT_MS = 100;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 16_000;

type Failure = Pick<BookingsApiError, 'status' | 'code' | 'details' | 'retryAfterSeconds'>;

/**
 * How long to wait before the retry of a create with its key, in milliseconds; undefined if a retry
 * would get the same response.
 *
 * @param error the error of the last attempt
 * @param attempts the number of attempts so far
 * @param random jitter from 0 to 1, so that clients do not retry at the same time
 */
export function retryDelayMs(error: Failure, attempts: number, random: number): number | undefined {
  if (!isRetryable(error)) return undefined;
  const { retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) return Math.max(MIN_WAIT_MS, retryAfterSeconds * 1000);
  const maxMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempts - 1));
  return (maxMs * (1 + random)) / 2;
}

function isRetryable({ status, code, details, retryAfterSeconds }: Failure): boolean {
  // Only an operator can change this answer.
  if (details.some((detail) => detail.code === 'IdempotencyRecordDamaged')) return false;
  switch (status) {
    case undefined:
      return code === 'ConnectionFailed';
    case 409:
      return code === 'IdempotencyKeyInUse';
    case 429:
      return retryAfterSeconds !== undefined;
    case 502:
    case 503:
    case 504:
      return true;
    default:
      // A success with an invalid body.
      return status >= 200 && status < 300;
  }
}
