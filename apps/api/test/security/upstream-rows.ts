import { expect } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS, type Stack } from '../stack.ts';

/** Attempts and the deadline are short, so that what must time out does so soon. */
export const QUICK = { GRAPH_ATTEMPT_TIMEOUT_MS: '300', GRAPH_DEADLINE_MS: '2000' };

/** An error in Graph's shape. */
export const graphError = (code: string, message: string) => ({
  error: {
    code,
    message,
    innerError: {
      date: '2021-11-23T15:25:07',
      'request-id': '6de1f37c-6607-4e29-ba6e-867c6f768490',
      'client-request-id': '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
    },
  },
});
export const answers = (status: number, body?: unknown, more: object = {}): Fault => ({
  kind: 'status',
  status,
  ...(body !== undefined && { body }),
  ...more,
});
export const html = (status: number) =>
  answers(status, '<html>no</html>', { contentType: 'text/html' });
export const CLAIMS = 'eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==';
export const challenge = {
  'WWW-Authenticate': `Bearer realm="", error="insufficient_claims", claims="${CLAIMS}"`,
};

/** What the caller sees of a fault at a create, and what it did at Graph. */
export interface Seen {
  readonly status: number;
  readonly code: string;
  readonly outcome?: 'not-sent' | 'unknown';
  /** Whether the error is the proxy's own. */
  readonly coined?: boolean;
  /** Requests that reach Graph; one where nothing is said. */
  readonly requests?: number;
  /** Customers that Graph has afterwards; none where nothing is said. */
  readonly stored?: number;
}

export const badGateway = { status: 502, code: 'BadGateway', coined: true } as const;
export const unknown = { outcome: 'unknown' } as const;
export const storedOnce = { stored: 1 } as const;

export type Rows = readonly (readonly [string, readonly Fault[], Seen])[];

/** Creates while `faults` happen and checks everything that is said of it. */
export async function checkFaults(
  stack: Stack,
  faults: readonly Fault[],
  expected: Seen,
): Promise<void> {
  stack.fake.script(faults);
  const answer = await stack.create();
  expect([answer.status, answer.error['code']]).toEqual([expected.status, expected.code]);
  expect(answer.innerError['outcome']).toBe(expected.outcome);
  expect(answer.innerError['origin']).toBe(expected.coined ? 'proxy' : undefined);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(typeof answer.error['message']).toBe('string');
  for (const key of ['date', 'request-id', 'client-request-id']) {
    expect(typeof answer.innerError[key]).toBe('string');
  }
  expect(answer.headers.get('request-id')).toBe(answer.innerError['request-id']);
  expect(stack.seen).toBe(expected.requests ?? 1);
  expect(stack.fake.customers(BUSINESS)).toHaveLength(expected.stored ?? 0);
  // What was scripted is over: the next create must find everything as it was.
  stack.fake.forget();
  expect((await stack.create()).status).toBe(201);
}
