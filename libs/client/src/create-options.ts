import type { RequestOptions } from './request-options.ts';

export interface CreateOptions extends RequestOptions {
  /**
   * Names this one create, so that it happens once however often it is sent: 1 to 255 characters
   * from `!` to `~`, another key for each customer. Give your own and keep it to be able to go on
   * with it later, from another process too. Absent: a new UUID. Null: none is sent, and the create
   * is sent once.
   */
  readonly idempotencyKey?: string | null | undefined;

  /** How many requests at most; default 30. With 1 the create is sent once. */
  readonly maxAttempts?: number | undefined;

  /**
   * How long the whole call may take, all requests and the waits between them, in milliseconds;
   * default 60000, and without a key no limit.
   */
  readonly deadlineMs?: number | undefined;
}

export interface SettledCreate {
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxAttempts: number;
  readonly deadlineMs: number | undefined;
}

/** More than 25 s, for which a create may be under way, at the wait of one second that 409 asks for. */
const MAX_ATTEMPTS = 30;
const DEADLINE_MS = 60_000;
/** What a timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

const KEY = /^[!-~]{1,255}$/;
/** What would be read as a quoted key, or as several. */
const AMBIGUOUS = /^"|,/;

/** @throws TypeError for an option that cannot be used; it says why */
export function settle(options: CreateOptions): SettledCreate {
  const { idempotencyKey = crypto.randomUUID() } = options;
  const key = idempotencyKey ?? undefined;
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': sent(key) };
  const usual = key === undefined ? undefined : DEADLINE_MS;
  return {
    key,
    headers,
    maxAttempts:
      counted('maxAttempts', options.maxAttempts, Number.MAX_SAFE_INTEGER) ?? MAX_ATTEMPTS,
    deadlineMs: counted('deadlineMs', options.deadlineMs, LONGEST_MS) ?? usual,
  };
}

/** Bare, or where that would be read otherwise in quotes, as a String of RFC 8941. */
function sent(key: string): string {
  if (!KEY.test(key)) {
    throw new TypeError('idempotencyKey must be 1 to 255 characters from ! to ~');
  }
  return AMBIGUOUS.test(key) ? `"${key.replaceAll(/["\\]/g, '\\$&')}"` : key;
}

function counted(name: string, value: number | undefined, most: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return value;
  throw new TypeError(`${name} must be a whole number from 1 to ${most}`);
}
