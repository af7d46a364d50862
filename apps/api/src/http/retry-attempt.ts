import type { IncomingHttpHeaders } from 'node:http';

/** Microsoft's SDKs send it with every repeat of a request: 1, then 2. */
export const RETRY_ATTEMPT = 'retry-attempt';

/**
 * Whether the caller says that it has sent the request before. A malformed value counts as a repeat,
 * because a repeat is looked up before it is sent.
 */
export function saysRepeat(headers: IncomingHttpHeaders): boolean {
  const given = headers[RETRY_ATTEMPT];
  return given !== undefined && given !== '0';
}
