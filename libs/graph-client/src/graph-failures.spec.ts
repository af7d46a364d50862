import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingCustomer, GraphError, type UpstreamRequest } from '@bookings/domain';
import { FixedToken } from './credentials/graph-credential.ts';
import { GraphClient } from './graph-client.ts';

// Published responses of Graph that no tenant can be made to send, so that no contract can have them.

interface Failure {
  /** The response, and where it was published. */
  readonly title: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly error: object;
  /** The error of the proxy. */
  readonly expected: object;
}

const CLAIMS =
  'eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTY1NzgzNDQxNyJ9fX0=';

const FAILURES: readonly Failure[] = [
  {
    title: '401 for a user who must sign in again (msgraph-sdk-dotnet, issue 1416)',
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer realm="", authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${CLAIMS}"`,
    },
    error: { code: 'InvalidAuthenticationToken', message: '' },
    expected: {
      status: 401,
      code: 'InvalidAuthenticationToken',
      outcome: undefined,
      headers: { 'WWW-Authenticate': expect.stringContaining(`claims="${CLAIMS}"`) },
    },
  },
  {
    title: '429 at the limit of a mailbox (answers/questions/1660054)',
    status: 429,
    headers: { 'Retry-After': '7.128' },
    error: {
      code: 'ApplicationThrottled',
      message: 'Application is over its MailboxConcurrency limit.',
    },
    expected: {
      status: 429,
      code: 'ApplicationThrottled',
      message: 'Application is over its MailboxConcurrency limit.',
      outcome: undefined,
      headers: { 'Retry-After': '8' },
    },
  },
  {
    title: '500 without a reason (microsoft-graph-explorer-v4, issue 3761)',
    status: 500,
    error: { code: 'UnknownError', message: '' },
    expected: { status: 500, code: 'UnknownError', outcome: 'unknown' },
  },
  {
    title: '503 with a time to wait (its code by the page on errors)',
    status: 503,
    headers: { 'Retry-After': '30' },
    error: { code: 'serviceNotAvailable', message: '' },
    expected: {
      status: 503,
      code: 'serviceNotAvailable',
      outcome: 'unknown',
      headers: { 'Retry-After': '30' },
    },
  },
  {
    title: '400 with a detail whose target is null (schema of errors in the metadata)',
    status: 400,
    error: { code: 'x', message: 'y', details: [{ code: 'z', message: '', target: null }] },
    expected: { status: 400, code: 'x', details: [expect.not.objectContaining({ target: null })] },
  },
  {
    title: '504 of the service behind it (page on errors)',
    status: 504,
    error: { code: 'UnknownError', message: '' },
    expected: { status: 504, code: 'UnknownError', outcome: 'unknown' },
  },
];

describe('a create that Graph answers with', () => {
  let failure: Failure | undefined;
  let arrived = 0;
  const server = createServer((request, response) => {
    arrived += 1;
    request.resume();
    response
      .writeHead(failure?.status ?? 200, {
        'Content-Type': 'application/json',
        ...failure?.headers,
      })
      .end(JSON.stringify({ error: failure?.error }));
  });
  let baseUrl: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1.0`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each(FAILURES)('$title', async (each) => {
    failure = each;
    arrived = 0;
    const client = new GraphClient({
      baseUrl,
      credential: new FixedToken('token-of-the-proxy'),
      attemptTimeoutMs: 120_000,
      mailbox: { concurrency: 4, queueLimit: 0, lingerMs: 0 },
      addressSchema: 'documented',
    });
    const customer = Object.assign(new BookingCustomer(), { displayName: 'Joni Sherman' });
    const result = await client.createCustomer('b', customer, request()).then(
      () => undefined,
      (error: unknown) => error,
    );
    await client.close();
    expect(result).toBeInstanceOf(GraphError);
    expect(result).toMatchObject(each.expected);
    // No wait fits into the deadline, so nothing is sent again.
    expect(arrived).toBe(1);
  });
});

function request(): UpstreamRequest {
  return {
    caller: {
      kind: 'delegated',
      appId: 'a',
      tenantId: 't',
      objectId: 'o',
      permissions: [],
      personal: false,
    },
    callerToken: 'token-of-the-caller',
    requestId: 'r',
    clientRequestId: 'c',
    headers: {},
    deadlineAtMs: performance.now() + 5000,
    signal: new AbortController().signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
}
