import { expect } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { customersPath } from './documented.ts';
import { respond, resetBefore } from './faults.ts';
import { type ProxyResponse } from './proxy-client.ts';
import { type Stack } from './stack.ts';

/** A request about the only customer, and the expected result. */
export interface Case {
  /** Appended to the path of the customers. `{id}` stands for the id of the customer. */
  readonly path?: string;
  /** A value that is sent as JSON, or a string that is sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Permissions of the caller; null for no token. Default: an application with every permission. */
  readonly permissions?: {
    readonly roles?: readonly string[];
    readonly scopes?: readonly string[];
  } | null;
  readonly faults?: readonly Fault[];
  readonly status: number;
  readonly code?: string;
  readonly outcome?: 'not-sent' | 'unknown';
  /** Targets in `error.details`. */
  readonly targets?: readonly string[];
  /** Number of requests that Graph receives. Default 1. */
  readonly graphRequests?: number;
  /** What follows the path of the customers in the last request to Graph. */
  readonly graphPath?: string;
}

/** Sends the request of the case and checks the result. */
export async function checkCase(stack: Stack, method: string, given: Case): Promise<ProxyResponse> {
  const id = String((await stack.create()).body['id']);
  const before = stack.graphRequests;
  stack.fake.script(given.faults ?? []);
  const { path = '', body, headers = {}, permissions } = given;
  const token = permissions && (await stack.fake.issueToken(permissions));
  const response = await stack.request(method, `${customersPath()}${path.replace('{id}', id)}`, {
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(token !== undefined && { token }),
  });
  expect({
    status: response.status,
    code: response.error['code'],
    outcome: response.innerError['outcome'],
    graphRequests: stack.graphRequests - before,
  }).toEqual({
    status: given.status,
    code: given.code,
    outcome: given.outcome,
    graphRequests: given.graphRequests ?? 1,
  });
  if (given.targets) {
    expect(response.error['details']).toEqual(
      given.targets.map((target): unknown => expect.objectContaining({ target })),
    );
  }
  if (given.graphPath !== undefined) {
    const last = stack.fake.requests().requests.at(-1)?.path ?? '';
    expect(last.replace(/^.*\/customers/, '').replace(id, '{id}')).toBe(given.graphPath);
  }
  expect(response.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  return response;
}

export type Table = readonly (readonly [string, Case])[];

/** Callers that every operation refuses. */
export function refusedCallers(path: string, body?: unknown): Table {
  const at = { path, graphRequests: 0, ...(body !== undefined && { body }) };
  const accessDenied = { ...at, status: 403, code: 'Authorization_RequestDenied' };
  return [
    ['no token', { ...at, permissions: null, status: 401, code: 'InvalidAuthenticationToken' }],
    [
      'an application without a role',
      { ...accessDenied, permissions: { roles: ['User.Read.All'] } },
    ],
    ['a user without a scope', { ...accessDenied, permissions: { scopes: ['User.Read'] } }],
    [
      'an application with a scope for a role',
      { ...accessDenied, permissions: { scopes: ['openid'] } },
    ],
  ];
}

const READERS = { roles: ['Bookings.Read.All'] };
const READING_USER = { scopes: ['Bookings.Read.All'] };

/** Callers with read permissions, for an operation that reads. */
export function readers(path: string): Table {
  return [
    ['an application that may read', { path, permissions: READERS, status: 200 }],
    ['a user who may read', { path, permissions: READING_USER, status: 200 }],
    [
      'a user who may manage',
      { path, permissions: { scopes: ['Bookings.Manage.All'] }, status: 200 },
    ],
  ];
}

/** Callers with read permissions, for an operation that writes. */
export function readersRefused(path: string, body?: unknown): Table {
  const accessDenied = { path, graphRequests: 0, status: 403, code: 'Authorization_RequestDenied' };
  const sent = { ...accessDenied, ...(body !== undefined && { body }) };
  return [
    ['an application that may only read', { ...sent, permissions: READERS }],
    ['a user who may only read', { ...sent, permissions: READING_USER }],
  ];
}

const soon = { headers: { 'Retry-After': '0' } };

/** Faults of Graph after which an operation is retried. */
export function repeated(path: string, status: number): Table {
  return [
    ['a reset', { path, faults: [resetBefore(1)], status, graphRequests: 2 }],
    ['two resets', { path, faults: [resetBefore(2)], status, graphRequests: 3 }],
    ['a truncated response', { path, faults: [{ kind: 'truncate' }], status, graphRequests: 2 }],
    ['503', { path, faults: [respond(503, undefined, soon)], status, graphRequests: 2 }],
    ['504', { path, faults: [respond(504, undefined, soon)], status, graphRequests: 2 }],
    ['429', { path, faults: [respond(429, undefined, soon)], status, graphRequests: 2 }],
  ];
}

/** Query options that read operations refuse. */
export function refusedOptions(path: string): Table {
  const refused = { status: 400, code: 'BadRequest', graphRequests: 0, targets: ['query'] };
  return [
    ['an unknown option', { ...refused, path: `${path}?$apply=x` }],
    ['an option without the dollar sign', { ...refused, path: `${path}?top=1` }],
    ['an option given twice', { ...refused, path: `${path}?$top=1&%24top=2` }],
    ['a value that is not percent-encoded', { ...refused, path: `${path}?$filter=%zz` }],
  ];
}
