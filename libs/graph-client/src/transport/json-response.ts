import { parseJson } from '@bookings/domain';
import type { WireResponse } from './exchange.ts';
import { header } from './headers.ts';

/**
 * Parses a JSON response. The proxy accepts no content encoding, so an encoded one is invalid.
 *
 * @returns undefined for an invalid response
 */
export function readJson(response: WireResponse): unknown {
  return isJson(response) ? parseJson(response.body) : undefined;
}

function isJson(response: WireResponse): boolean {
  const mediaType = header(response.headers, 'content-type') ?? '';
  return /^application\/json\b/i.test(mediaType) && !isEncoded(response);
}

export function isEncoded(response: WireResponse): boolean {
  return (header(response.headers, 'content-encoding') ?? 'identity') !== 'identity';
}
