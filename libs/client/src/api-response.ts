import { BookingsApiError, type ErrorDetail } from './bookings-api-error.ts';

/** A response with its complete body. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The client-request-id of the request. */
  readonly clientRequestId: string;
}

/** Parses JSON. @returns undefined if it is invalid */
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

/** The error for a success without the expected content. */
export function invalidResponse(
  { status, headers, clientRequestId }: ApiResponse,
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
 * The error in a response, or one with the code `UnknownError`.
 *
 * @param write whether the request was a write; only writes have an outcome
 */
export function errorIn(response: ApiResponse, write: boolean): BookingsApiError {
  const { status, headers, clientRequestId } = response;
  const body = parseJson(response.text);
  const error = isObject(body) ? body['error'] : undefined;
  const known = isObject(error) && typeof error['code'] === 'string' ? error : undefined;
  const inner = isObject(known?.['innerError']) ? known['innerError'] : {};
  const details = known?.['details'];
  const message = text(known?.['message']);
  const code = text(known?.['code']) ?? 'UnknownError';
  return new BookingsApiError(
    message === undefined || message === '' ? `The Bookings API answered ${status}.` : message,
    {
      status,
      code,
      requestId: text(inner['request-id']) ?? headers.get('request-id') ?? undefined,
      clientRequestId,
      details: Array.isArray(details) ? details.filter(isDetail).map(withoutNullTarget) : [],
      retryAfterSeconds: retryAfterSeconds(headers.get('retry-after'), Date.now()),
      outcome: write ? outcomeOf(status, code, inner['outcome']) : undefined,
    },
  );
}

/** A response without an outcome comes from another server, such as a gateway before the proxy. */
function outcomeOf(
  status: number,
  code: string,
  outcome: unknown,
): 'not-sent' | 'unknown' | undefined {
  if (outcome === 'not-sent' || outcome === 'unknown') return outcome;
  // The create in progress may still succeed.
  if (code === 'IdempotencyKeyInUse') return 'unknown';
  return status < 400 || status === 408 || status >= 500 ? 'unknown' : undefined;
}

/** `Retry-After` is whole seconds or an IMF-fixdate; obsolete forms of dates are ignored (RFC 9110, 10.2.3). */
export function retryAfterSeconds(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const dateMs = /^[A-Z][a-z]{2},/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, Math.ceil((dateMs - nowMs) / 1000));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

type SentDetail = Omit<ErrorDetail, 'target'> & { readonly target?: unknown };

function isDetail(value: unknown): value is SentDetail {
  return (
    isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string'
  );
}

function withoutNullTarget({ target, ...detail }: SentDetail): ErrorDetail {
  return { ...detail, ...(typeof target === 'string' && { target }) };
}
