import { BookingsApiError } from './bookings-api-error.ts';
import type { CallEnd } from './call-end.ts';
import { waitMs } from './retry-rule.ts';

export interface Bounds {
  /** Of every attempt; undefined: there is none, and the first attempt is the only one. */
  readonly key: string | undefined;
  readonly maxAttempts: number;
  readonly end: CallEnd;
}

/**
 * Makes attempts until one is answered, the rule allows no other or the bounds are reached.
 *
 * @throws BookingsApiError with what the last answer said, and with the outcome of all attempts
 */
export async function untilAnswered<T>(
  attempt: () => Promise<T>,
  { key, maxAttempts, end }: Bounds,
): Promise<T> {
  let last: BookingsApiError | undefined;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      end.throwIfGivenUp();
      last = summary(last, error, key);
      // Nothing was ever sent: there was no token, for example.
      if (last === undefined) throw error;
      // Nothing more can be sent, which must not hide what became of what was.
      if (!(error instanceof BookingsApiError)) throw last;
    }
    const mayGoOn = key !== undefined && attempts < maxAttempts;
    const wait = mayGoOn ? waitMs(last, attempts, Math.random()) : undefined;
    if (wait === undefined || !end.leavesTimeAfter(wait)) throw last;
    await end.wait(wait);
  }
}

/** What is to be said of all attempts so far; undefined where none came to anything. */
function summary(
  before: BookingsApiError | undefined,
  error: unknown,
  idempotencyKey: string | undefined,
): BookingsApiError | undefined {
  const current = error instanceof BookingsApiError ? error : undefined;
  // That time is over says less than an answer does.
  const isAnswer = current !== undefined && current.code !== 'DeadlineExceeded';
  const said = isAnswer ? current : (before ?? current);
  if (said === undefined) return undefined;
  const { message, status, code, requestId, clientRequestId, details, retryAfterSeconds } = said;
  const isUnknown = before?.outcome === 'unknown' || current?.outcome === 'unknown';
  return new BookingsApiError(message, {
    ...{ status, code, requestId, clientRequestId, details, retryAfterSeconds, idempotencyKey },
    // One attempt that may have happened is enough, whatever became of the others.
    outcome: isUnknown ? 'unknown' : said.outcome,
    cause: current ? said.cause : error,
  });
}
