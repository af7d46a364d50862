/**
 * Reads a `Retry-After` header as milliseconds from `nowMs` (Unix time).
 * RFC 9110 has whole seconds or an HTTP date; Graph's throttling page shows fractional seconds.
 *
 * @returns undefined when the header is absent or says nothing that can be understood
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

/** `Retry-After` as RFC 9110 wants it: whole seconds, rounded up so that nobody comes too early. */
export function retryAfterSeconds(waitMs: number): string {
  return String(Math.max(1, Math.ceil(waitMs / 1000)));
}
