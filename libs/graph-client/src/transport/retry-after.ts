/** What RFC 9111, 1.2.2 makes of seconds that are too large to count. */
const MAX_SECONDS = 2 ** 31;

/**
 * Parses a `Retry-After` header. RFC 9110 allows whole seconds or an HTTP date. Graph's throttling
 * page also has fractional seconds.
 *
 * @param nowMs Unix time
 * @returns milliseconds from `nowMs`, or undefined when the header is absent or invalid
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text), MAX_SECONDS) * 1000;
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

/** A `Retry-After` value in whole seconds, rounded up, at least 1. */
export function retryAfterSeconds(retryDelayMs: number): string {
  return String(Math.max(1, Math.ceil(retryDelayMs / 1000)));
}
