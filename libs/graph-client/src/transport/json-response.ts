import { parseJson } from '@bookings/domain';
import type { WireResponse } from './exchange.ts';
import { header } from './headers.ts';

/**
 * Undefined for what is not JSON, or deeper than any of Graph's. Graph was not asked for a compressed
 * answer, so one is not read.
 */
export function readJson(answer: WireResponse): unknown {
  return isJson(answer) ? parseJson(answer.body) : undefined;
}

/** Whether it says that it is JSON, as it is. */
export function isJson(answer: WireResponse): boolean {
  const mediaType = header(answer.headers, 'content-type') ?? '';
  return /^application\/json\b/i.test(mediaType) && !isEncoded(answer);
}

export function isEncoded(answer: WireResponse): boolean {
  return (header(answer.headers, 'content-encoding') ?? 'identity') !== 'identity';
}
