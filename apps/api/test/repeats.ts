import { PostgresServer } from '@bookings/idempotency/testing';
import { NO_LINGER } from './faults.ts';
import { ADELE, SETTLE_MS } from './idempotent-requests.ts';
import type { ProxyResponse, RequestOptions } from './proxy-client.ts';
import type { Settings, Stack } from './stack.ts';
import { onTeardown } from './teardown.ts';
import { stateUrl } from './temporary-folder.ts';

/** Short, so that a repeat with PostgreSQL does not wait long for attempts of other processes. */
export const REPEAT_SETTINGS = {
  ...NO_LINGER,
  IDEMPOTENCY_SETTLE_MS: String(SETTLE_MS),
  GRAPH_ATTEMPT_TIMEOUT_MS: '1000',
  GRAPH_DEADLINE_MS: '3000',
};

/** The settings of each store. */
export const STORES: readonly (readonly [string, () => Promise<Settings>])[] = [
  ['SQLite', () => Promise.resolve({ ...REPEAT_SETTINGS, STATE_URL: stateUrl() })],
  ['PostgreSQL', postgresSettings],
];

export async function postgresSettings(): Promise<Settings> {
  const server = await PostgresServer.start();
  onTeardown(() => server.stop());
  const STATE_URL = await server.createDatabase();
  return { ...REPEAT_SETTINGS, STATE_URL, STATE_SECRET: 'a secret of the tests' };
}

interface CreateOptions extends RequestOptions {
  readonly customer?: object;
  /** The value of `Retry-Attempt`. */
  readonly attempt?: string;
}

/** Sends a create without a key. */
export function createUnkeyed(stack: Stack, options: CreateOptions = {}): Promise<ProxyResponse> {
  const { customer = ADELE, attempt, headers, ...more } = options;
  return stack.create({
    ...more,
    headers: { ...headers, ...(attempt !== undefined && { 'retry-attempt': attempt }) },
    body: JSON.stringify(customer),
  });
}

/** Repeats a create until its outcome is known, as Microsoft's SDKs do: after 503 and 504. */
export async function repeatUntilKnown(
  stack: Stack,
  options: CreateOptions = {},
): Promise<{ first: ProxyResponse; last: ProxyResponse }> {
  const first = await createUnkeyed(stack, { attempt: '1', ...options });
  let last = first;
  for (let attempt = 2; last.status >= 503; attempt += 1) {
    last = await createUnkeyed(stack, { ...options, attempt: String(attempt) });
  }
  return { first, last };
}
