import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamRequest } from '@bookings/domain';
import { retryAfterMs, retryAfterSeconds } from '../retry/retry-after.ts';

/**
 * What goes up. Nothing of the caller's but what UpstreamRequest names.
 *
 * @param hasBody whether a body in JSON goes with it
 */
export function forwardedHeaders(
  request: UpstreamRequest,
  token: string,
  hasBody: boolean,
): Record<string, string> {
  const { accept = 'application/json', prefer } = request.headers;
  const up: Record<string, string> = {
    ...request.headers,
    accept,
    authorization: `Bearer ${token}`,
    'client-request-id': request.clientRequestId,
  };
  if (prefer !== undefined) {
    const preferences = withoutMinimal(prefer);
    if (preferences === '') delete up['prefer'];
    else up['prefer'] = preferences;
  }
  if (hasBody) up['content-type'] = 'application/json';
  return up;
}

/** What comes back with an error of Graph's, in the form that callers understand. */
export function errorHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const waitMs = retryAfterMs(header(headers, 'retry-after'), Date.now());
  return waitMs === undefined ? {} : { 'Retry-After': retryAfterSeconds(waitMs) };
}

/** What comes back with an answer besides its body. */
export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, shownAs] of SHOWN) {
    const value = header(headers, name);
    if (value !== undefined) kept[shownAs] = value;
  }
  return kept;
}

const SHOWN = [
  ['etag', 'ETag'],
  ['preference-applied', 'Preference-Applied'],
] as const;

/** The first value of a header; `name` in lower case. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** An id of Graph's that can be the value of a header; undefined for anything else. */
export function readableRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined;
}

/**
 * Preferences are separated by commas, but not by those within quotes (RFC 7240, 2). A quote that is
 * never closed takes all that follows, so that no piece of the text is read twice.
 */
const PREFERENCE = /(?:[^,"]|"[^"\\]*(?:\\.[^"\\]*)*(?:"|(?<unclosed>\\?$)))+/gs;

// An answer always has its entity: the proxy needs the id, and callers count on the body.
function withoutMinimal(prefer: string): string {
  return Array.from(prefer.matchAll(PREFERENCE))
    .filter(({ groups }) => groups?.['unclosed'] === undefined)
    .map(([preference]) => preference.trim())
    .filter((preference) => /^[\w!#$%&'*+.^`|~-]+\s*(?:[=;]|$)/.test(preference))
    .filter((preference) => !/^return\s*=\s*"?minimal"?/i.test(preference))
    .join(', ');
}
