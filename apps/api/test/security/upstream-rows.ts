import { beforeAll, expect } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS, customersPath } from '../documented.ts';
import { NO_LINGER, respond } from '../faults.ts';
import { type Stack, useStack } from '../stack.ts';

/** Short timeouts, so that tests of timeouts are quick. */
export const QUICK = {
  ...NO_LINGER,
  GRAPH_ATTEMPT_TIMEOUT_MS: '1000',
  GRAPH_DEADLINE_MS: '2000',
};

export const html = (status: number) =>
  respond(status, '<html>no</html>', { contentType: 'text/html' });
export const CLAIMS = 'eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==';
export const challenge = {
  'WWW-Authenticate': `Bearer realm="", error="insufficient_claims", claims="${CLAIMS}"`,
};

/** The response to a create while Graph misbehaves, and the effect at Graph. */
export interface Expected {
  readonly status: number;
  readonly code: string;
  readonly outcome?: 'not-sent' | 'unknown';
  /** Whether the proxy made the error. */
  readonly fromProxy?: boolean;
  /** Number of requests that Graph receives. Default 1. */
  readonly requests?: number;
  /** Number of customers that Graph has afterwards. Default 0. */
  readonly stored?: number;
}

export const badGateway = { status: 502, code: 'BadGateway', fromProxy: true } as const;
export const unknown = { outcome: 'unknown' } as const;
export const storedOnce = { stored: 1 } as const;

export type Rows = readonly (readonly [string, readonly Fault[], Expected])[];

/** A mailbox that no other test uses: after some faults Graph has paused it. */
export function freshMailbox(): string {
  const mailbox = MAILBOXES[(used += 1)];
  if (mailbox === undefined) throw new Error('there are not enough mailboxes');
  return mailbox;
}

const MAILBOXES = Array.from({ length: 100 }, (_none, index) => `b${index}@contoso.com`);
let used = 0;

/** A stack with short timeouts. Its first create has already fetched the tokens and keys. */
export function useQuickStack(): Stack {
  const stack = useStack(QUICK, { businesses: [BUSINESS, ...MAILBOXES] });
  beforeAll(async () => {
    await stack.create();
  });
  return stack;
}

/** Creates while `faults` happen and checks the response and the effect at Graph. */
export async function checkFaults(
  stack: Stack,
  faults: readonly Fault[],
  expected: Expected,
): Promise<void> {
  const mailbox = freshMailbox();
  const create = (business: string) => stack.create({ path: customersPath(business) });
  stack.fake.script(faults);
  const response = await create(mailbox);
  expect([response.status, response.error['code']]).toEqual([expected.status, expected.code]);
  expect(response.innerError['outcome']).toBe(expected.outcome);
  expect(response.innerError['origin']).toBe(expected.fromProxy ? 'proxy' : undefined);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(typeof response.error['message']).toBe('string');
  for (const key of ['date', 'request-id', 'client-request-id']) {
    expect(typeof response.innerError[key]).toBe('string');
  }
  expect(response.headers.get('request-id')).toBe(response.innerError['request-id']);
  expect(stack.graphRequests).toBe(expected.requests ?? 1);
  expect(stack.fake.customers(mailbox)).toHaveLength(expected.stored ?? 0);
  // No fault may affect the next create, except that a 429 pauses its own mailbox.
  stack.fake.forget();
  expect((await create(expected.status === 429 ? freshMailbox() : mailbox)).status).toBe(201);
}
