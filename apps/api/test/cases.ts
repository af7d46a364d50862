import { expect } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { type Answer, type Stack, customersPath } from './stack.ts';

/** One request about the one customer there is, and what becomes of it. */
export interface Case {
  /** Behind the path of customers; `{id}` is the customer's. */
  readonly path?: string;
  /** JSON, or a text that is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** What the caller holds; null for no token. An application that may do everything by default. */
  readonly holds?: {
    readonly roles?: readonly string[];
    readonly scopes?: readonly string[];
  } | null;
  readonly faults?: readonly Fault[];
  readonly status: number;
  readonly code?: string;
  readonly outcome?: 'not-sent' | 'unknown';
  /** Of `error.details`. */
  readonly targets?: readonly string[];
  /** Requests that reach Graph; one where nothing is said. */
  readonly seen?: number;
  /** Target of the last request that reaches Graph, behind the path of customers. */
  readonly up?: string;
}

/** Sends the case's request and checks everything that the case says. */
export async function checkCase(stack: Stack, method: string, given: Case): Promise<Answer> {
  const id = String((await stack.create()).body['id']);
  const before = stack.seen;
  stack.fake.script(given.faults ?? []);
  const { path = '', body, headers = {}, holds } = given;
  const token = holds && (await stack.fake.issueToken(holds));
  const answer = await stack.ask(method, `${customersPath()}${path.replace('{id}', id)}`, {
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(token !== undefined && { token }),
  });
  expect({
    status: answer.status,
    code: answer.error['code'],
    outcome: answer.innerError['outcome'],
    seen: stack.seen - before,
  }).toEqual({
    status: given.status,
    code: given.code,
    outcome: given.outcome,
    seen: given.seen ?? 1,
  });
  if (given.targets) {
    expect(answer.error['details']).toEqual(
      given.targets.map((target): unknown => expect.objectContaining({ target })),
    );
  }
  if (given.up !== undefined) {
    const last = stack.fake.requests().requests.at(-1)?.path ?? '';
    expect(last.replace(/^.*\/customers/, '').replace(id, '{id}')).toBe(given.up);
  }
  expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  return answer;
}

export type Table = readonly (readonly [string, Case])[];

/** Refusals that every operation has, by what the caller holds. */
export function refusedCallers(path: string, body?: unknown): Table {
  const at = { path, seen: 0, ...(body !== undefined && { body }) };
  const accessDenied = { ...at, status: 403, code: 'Authorization_RequestDenied' };
  return [
    ['no token', { ...at, holds: null, status: 401, code: 'InvalidAuthenticationToken' }],
    ['an application without a role', { ...accessDenied, holds: { roles: ['User.Read.All'] } }],
    ['a user without a scope', { ...accessDenied, holds: { scopes: ['User.Read'] } }],
    ['an application with a scope for a role', { ...accessDenied, holds: { scopes: ['openid'] } }],
  ];
}

const READERS = { roles: ['Bookings.Read.All'] };
const READING_USER = { scopes: ['Bookings.Read.All'] };

/** Callers that may read, at an operation that does. */
export function readers(path: string): Table {
  return [
    ['an application that may read', { path, holds: READERS, status: 200 }],
    ['a user who may read', { path, holds: READING_USER, status: 200 }],
    ['a user who may manage', { path, holds: { scopes: ['Bookings.Manage.All'] }, status: 200 }],
  ];
}

/** Callers that may read, at an operation that writes. */
export function readersRefused(path: string, body?: unknown): Table {
  const accessDenied = { path, seen: 0, status: 403, code: 'Authorization_RequestDenied' };
  const sent = { ...accessDenied, ...(body !== undefined && { body }) };
  return [
    ['an application that may only read', { ...sent, holds: READERS }],
    ['a user who may only read', { ...sent, holds: READING_USER }],
  ];
}

const reset = (times: number): Fault => ({ kind: 'reset', when: 'before-stored', times });
const answered = (status: number, headers = {}): Fault => ({ kind: 'status', status, headers });
const soon = { 'Retry-After': '0' };

/** What becomes of faults of Graph's at an operation that may be sent again. */
export function repeated(path: string, status: number): Table {
  return [
    ['a reset', { path, faults: [reset(1)], status, seen: 2 }],
    ['two resets', { path, faults: [reset(2)], status, seen: 3 }],
    ['half an answer', { path, faults: [{ kind: 'truncate' }], status, seen: 2 }],
    ['503', { path, faults: [answered(503, soon)], status, seen: 2 }],
    ['504', { path, faults: [answered(504, soon)], status, seen: 2 }],
    ['429', { path, faults: [answered(429, soon)], status, seen: 2 }],
  ];
}

/** Query options that an operation which reads refuses. */
export function refusedOptions(path: string): Table {
  const refused = { status: 400, code: 'BadRequest', seen: 0, targets: ['query'] };
  return [
    ['an option that is not known', { ...refused, path: `${path}?$apply=x` }],
    ['an option that is known without dollar', { ...refused, path: `${path}?top=1` }],
    ['an option given twice', { ...refused, path: `${path}?$top=1&%24top=2` }],
    ['a value that is not percent-encoded', { ...refused, path: `${path}?$filter=%zz` }],
  ];
}
