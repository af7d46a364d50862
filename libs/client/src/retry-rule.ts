import type { BookingsApiError } from './bookings-api-error.ts';

/** Even where the answer says "at once": it may have been a date, and this clock be ahead. */
const LEAST_WAIT_MS = 100;
const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 16_000;

/**
 * How long to wait before a create is sent again under its key, in milliseconds. Undefined: it is
 * not to be sent again, because the answer would be the same.
 *
 * @param error how the last attempt ended
 * @param attempts how many were made, this one included
 * @param random from 0 to 1: lets callers that failed together come again one by one
 */
export function waitMs(
  error: Pick<BookingsApiError, 'status' | 'code' | 'retryAfterSeconds'>,
  attempts: number,
  random: number,
): number | undefined {
  if (!mayEndOtherwise(error)) return undefined;
  const { retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) return Math.max(LEAST_WAIT_MS, retryAfterSeconds * 1000);
  const longest = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (attempts - 1));
  return (longest * (1 + random)) / 2;
}

function mayEndOtherwise({
  status,
  code,
  retryAfterSeconds,
}: Pick<BookingsApiError, 'status' | 'code' | 'retryAfterSeconds'>): boolean {
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
      // A success that could not be read.
      return status >= 200 && status < 300;
  }
}
