import { requireString } from './arguments.ts';
import type { RequestOptions } from './request-options.ts';

export interface CreateOptions extends RequestOptions {
  /**
   * Identifies the create, which happens once even if it is sent several times: 1 to 255 characters
   * from `!` to `~`, unique for each customer. Store your own key to continue the create later or in
   * another process. The default is a new UUID. Null sends no key, and the create is sent once.
   */
  readonly idempotencyKey?: string | null | undefined;

  /** The maximum number of requests; default 30. With 1 the create is not retried. */
  readonly maxAttempts?: number | undefined;

  /**
   * The deadline of the whole call with all requests and waits, in milliseconds; default 60000, and
   * none without a key.
   */
  readonly deadlineMs?: number | undefined;
}

export interface CreateSettings {
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxAttempts: number;
  readonly deadlineMs: number | undefined;
}

/** A create may be in progress for 25 s, and 409 asks for waits of one second. */
const MAX_ATTEMPTS = 30;
const DEADLINE_MS = 60_000;
/** The limit of a timer. */
const MAX_DEADLINE_MS = 2 ** 31 - 1;

const KEY = /^[!-~]{1,255}$/;
/** Would be parsed as a quoted key, or as several keys. */
const AMBIGUOUS = /^"|,/;

/** @throws TypeError if an option is invalid */
export function readCreateOptions(options: CreateOptions): CreateSettings {
  const { idempotencyKey = crypto.randomUUID() } = options;
  const key = idempotencyKey ?? undefined;
  const headers: Record<string, string> =
    key === undefined ? {} : { 'Idempotency-Key': headerValue(key) };
  const defaultDeadlineMs = key === undefined ? undefined : DEADLINE_MS;
  return {
    key,
    headers,
    maxAttempts:
      positiveInteger('maxAttempts', options.maxAttempts, Number.MAX_SAFE_INTEGER) ?? MAX_ATTEMPTS,
    deadlineMs:
      positiveInteger('deadlineMs', options.deadlineMs, MAX_DEADLINE_MS) ?? defaultDeadlineMs,
  };
}

/** The header value: bare, or a String of RFC 8941 if a bare one is ambiguous. */
function headerValue(key: string): string {
  requireString('idempotencyKey', key);
  if (!KEY.test(key)) {
    throw new TypeError('idempotencyKey must be 1 to 255 characters from ! to ~');
  }
  return AMBIGUOUS.test(key) ? `"${key.replaceAll(/["\\]/g, '\\$&')}"` : key;
}

function positiveInteger(name: string, value: number | undefined, max: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= max)) return value;
  throw new TypeError(`${name} must be a whole number from 1 to ${max}`);
}
