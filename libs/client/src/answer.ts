import { BookingsApiError, type ErrorDetail } from './bookings-api-error.ts';

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of the request that it answers. */
  readonly clientRequestId: string;
}

/** What `text` says as JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A success without what it should hold. */
export function unintelligible(
  { status, headers, clientRequestId }: Answer,
  missing: string,
  write = false,
): BookingsApiError {
  return new BookingsApiError(`The Bookings API answered ${status} without ${missing}.`, {
    status,
    code: 'UnknownError',
    requestId: headers.get('request-id') ?? undefined,
    clientRequestId,
    outcome: write ? 'unknown' : undefined,
  });
}

/**
 * The error in an answer, or one that says that there is none to be read.
 *
 * @param write whether it answers a request that changes something, which alone has an outcome
 */
export function errorIn(answer: Answer, write: boolean): BookingsApiError {
  const { status, headers, clientRequestId } = answer;
  const body = parseJson(answer.text);
  const error = isObject(body) ? body['error'] : undefined;
  const known = isObject(error) && typeof error['code'] === 'string' ? error : undefined;
  const inner = isObject(known?.['innerError']) ? known['innerError'] : {};
  const details = known?.['details'];
  const said = text(known?.['message']);
  const code = text(known?.['code']) ?? 'UnknownError';
  return new BookingsApiError(
    said === undefined || said === '' ? `The Bookings API answered ${status}.` : said,
    {
      status,
      code,
      requestId: text(inner['request-id']) ?? headers.get('request-id') ?? undefined,
      clientRequestId,
      details: Array.isArray(details) ? details.filter(isDetail) : [],
      retryAfterSeconds: retryAfterSeconds(headers.get('retry-after'), Date.now()),
      outcome: write ? outcomeOf(status, code, inner['outcome']) : undefined,
    },
  );
}

/** Who answers without saying the outcome is no proxy of ours: a gateway before it, perhaps. */
function outcomeOf(
  status: number,
  code: string,
  said: unknown,
): 'not-sent' | 'unknown' | undefined {
  if (said === 'not-sent' || said === 'unknown') return said;
  // What is under way under the key may come to a customer yet.
  if (code === 'IdempotencyKeyInUse') return 'unknown';
  return status < 400 || status === 408 || status >= 500 ? 'unknown' : undefined;
}

/** `Retry-After` is whole seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfterSeconds(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const dateMs = /^[A-Z][a-z]{2},/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, Math.ceil((dateMs - nowMs) / 1000));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isDetail(value: unknown): value is ErrorDetail {
  return (
    isObject(value) &&
    typeof value['code'] === 'string' &&
    typeof value['message'] === 'string' &&
    (value['target'] === undefined || typeof value['target'] === 'string')
  );
}
