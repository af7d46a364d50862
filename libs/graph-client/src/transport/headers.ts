import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamRequest } from '@bookings/domain';
import { retryAfterMs, retryAfterSeconds } from './retry-after.ts';

/**
 * The headers of a request to Graph. Of the caller's headers it has only those in `request`.
 *
 * @param hasBody whether the request has a JSON body
 */
export function forwardedHeaders(
  request: UpstreamRequest,
  token: string,
  hasBody: boolean,
): Record<string, string> {
  const { accept = 'application/json', prefer } = request.headers;
  const forwarded: Record<string, string> = {
    ...request.headers,
    accept,
    authorization: `Bearer ${token}`,
    'client-request-id': request.clientRequestId,
  };
  if (prefer !== undefined) {
    const preferences = withoutMinimal(prefer);
    if (preferences === '') delete forwarded['prefer'];
    else forwarded['prefer'] = preferences;
  }
  if (hasBody) forwarded['content-type'] = 'application/json';
  return forwarded;
}

/** Headers that callers receive with an error of Graph. */
export function errorHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const retryDelayMs = retryAfterMs(header(headers, 'retry-after'), Date.now());
  return retryDelayMs === undefined ? {} : { 'Retry-After': retryAfterSeconds(retryDelayMs) };
}

/** Headers that callers receive with a successful response of Graph. */
export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const returned: Record<string, string> = {};
  for (const name of RETURNED) {
    const value = header(headers, name.toLowerCase());
    if (value !== undefined) returned[name] = value;
  }
  return returned;
}

const RETURNED = ['ETag', 'Preference-Applied'];

/** @param name in lower case; of several values the first counts */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** @returns undefined unless `value` is a request id that fits into a header */
export function readableRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined;
}

/**
 * One preference of a `Prefer` header (RFC 7240, 2). A comma inside quotes does not end it. An
 * unclosed quote takes the rest of the text, which keeps the time of a match linear.
 */
const PREFERENCE = /(?:[^,"]|"[^"\\]*(?:\\.[^"\\]*)*(?:"|(?<unclosed>\\?$)))+/gs;

// A response must have its entity: the proxy needs the id, and callers expect the body.
function withoutMinimal(prefer: string): string {
  return Array.from(prefer.matchAll(PREFERENCE))
    .filter(({ groups }) => groups?.['unclosed'] === undefined)
    .map(([preference]) => preference.trim())
    .filter((preference) => /^[\w!#$%&'*+.^`|~-]+\s*(?:[=;]|$)/.test(preference))
    .filter((preference) => !/^return\s*=\s*"?minimal"?/i.test(preference))
    .join(', ');
}
