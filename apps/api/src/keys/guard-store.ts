import type { StoreConnection } from '@bookings/idempotency';
import { CommandError } from '../command-line/command-error.ts';

/** Takes a time of ISO 8601 with its offset, because an operator's own zone may not be the log's. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Puts a restored store under guard.
 *
 * @param time of the copy
 * @param forMs how long the guard lasts: the retention of the process
 * @throws CommandError when it is no time, or in the future
 */
export async function guardSince(
  connection: StoreConnection,
  time: string,
  forMs: number,
): Promise<string> {
  const sinceMs = TIME.test(time) ? Date.parse(time) : NaN;
  if (!(sinceMs <= Date.now())) {
    throw new CommandError('TIME must be in the past, and look like 2026-11-29T14:00:00Z');
  }
  const { store } = await connection.connect();
  // Opening the store may have taken long.
  const guardedAtMs = Date.now();
  await store.guard({ sinceAgoMs: guardedAtMs - sinceMs, mayRunForMs: 0, forMs });
  const until = new Date(guardedAtMs + forMs).toISOString();
  return `under guard until ${until}: creates with a key are looked up before they are sent\n`;
}
