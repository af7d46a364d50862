import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { BUSINESS, Stack, customersPath } from './stack.ts';

// Attempts and the deadline are short, so that what must time out does so soon.
const QUICK = { GRAPH_ATTEMPT_TIMEOUT_MS: '300', GRAPH_DEADLINE_MS: '2000' };

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start(QUICK);
  await stack.create();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const graphError = (code: string, message: string) => ({
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
const answers = (status: number, body?: unknown, more: object = {}): Fault => ({
  kind: 'status',
  status,
  ...(body !== undefined && { body }),
  ...more,
});
const html = (status: number) => answers(status, '<html>no</html>', { contentType: 'text/html' });
const CLAIMS = 'eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==';
const challenge = {
  'WWW-Authenticate': `Bearer realm="", error="insufficient_claims", claims="${CLAIMS}"`,
};

interface Seen {
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

const badGateway = { status: 502, code: 'BadGateway', coined: true } as const;
const unknown = { outcome: 'unknown' } as const;
const storedOnce = { stored: 1 } as const;

const TABLE: readonly (readonly [string, readonly Fault[], Seen])[] = [
  // Graph's own errors pass through.
  [
    '400 of Graph',
    [answers(400, graphError('ErrorInvalidRequest', 'The request is invalid.'))],
    { status: 400, code: 'ErrorInvalidRequest' },
  ],
  [
    '403 of Graph',
    [answers(403, graphError('ErrorAccessDenied', 'Access to OData is disabled.'))],
    { status: 403, code: 'ErrorAccessDenied' },
  ],
  [
    '404 of Graph',
    [
      answers(
        404,
        graphError('ErrorFolderNotFound', 'The specified folder could not be found in the store.'),
      ),
    ],
    { status: 404, code: 'ErrorFolderNotFound' },
  ],
  [
    '408 of Graph',
    [answers(408, graphError('RequestTimeout', 'x'))],
    { status: 408, code: 'RequestTimeout', ...unknown },
  ],
  [
    '409 of Graph',
    [answers(409, graphError('Directory_ConcurrencyViolation', 'x'))],
    { status: 409, code: 'Directory_ConcurrencyViolation' },
  ],
  [
    '507 of Graph',
    [answers(507, graphError('quotaLimitReached', 'x'))],
    { status: 507, code: 'quotaLimitReached', ...unknown },
  ],
  [
    '500 with an empty code',
    [answers(500, graphError('', 'An error has occurred.'))],
    { status: 500, code: '', ...unknown },
  ],
  [
    '500 UnknownError without a message',
    [answers(500, graphError('UnknownError', ''))],
    { status: 500, code: 'UnknownError', ...unknown },
  ],
  [
    '503 with Retry-After',
    [answers(503, graphError('serviceNotAvailable', 'x'), { headers: { 'Retry-After': '0' } })],
    { status: 503, code: 'serviceNotAvailable', ...unknown },
  ],
  [
    '504 of Graph',
    [answers(504, graphError('UnknownError', ''))],
    { status: 504, code: 'UnknownError', ...unknown },
  ],
  [
    'an error without innerError',
    [answers(400, { error: { code: 'BadRequest', message: 'x' } })],
    { status: 400, code: 'BadRequest' },
  ],
  // What is not in Graph's shape.
  ['a web page as 404', [html(404)], { status: 404, code: 'UnknownError', coined: true }],
  ['an empty 418', [answers(418, '')], { status: 418, code: 'UnknownError', coined: true }],
  ['a web page as 500', [html(500)], { ...badGateway, ...unknown }],
  ['a web page as 503', [html(503)], { ...badGateway, ...unknown }],
  ['an error that is a string', [answers(500, { error: 'oops' })], { ...badGateway, ...unknown }],
  // The proxy's own identity.
  [
    '401 to the proxy',
    [answers(401, graphError('InvalidAuthenticationToken', 'x'))],
    { ...badGateway, outcome: 'not-sent' },
  ],
  [
    'a claims challenge to an application',
    [answers(401, graphError('InvalidAuthenticationToken', 'x'), { headers: challenge })],
    { ...badGateway, outcome: 'not-sent' },
  ],
  // A success that is none.
  ['201 without a body', [answers(201, '')], { ...badGateway, ...unknown }],
  ['201 with broken JSON', [answers(201, '{"id":"x"')], { ...badGateway, ...unknown }],
  ['201 without id', [answers(201, { displayName: 'x' })], { ...badGateway, ...unknown }],
  ['201 with an empty id', [answers(201, { id: '' })], { ...badGateway, ...unknown }],
  ['201 with a number as id', [answers(201, { id: 7 })], { ...badGateway, ...unknown }],
  ['201 with an array', [answers(201, '[{"id":"x"}]')], { ...badGateway, ...unknown }],
  ['201 with a web page', [html(201)], { ...badGateway, ...unknown }],
  [
    '201 compressed without being asked',
    [answers(201, { id: 'x' }, { headers: { 'Content-Encoding': 'gzip' } })],
    { ...badGateway, ...unknown },
  ],
  ['204', [answers(204)], { ...badGateway, ...unknown }],
  ['202', [answers(202, { id: 'x' })], { ...badGateway, ...unknown }],
  [
    'a redirect',
    [answers(307, '', { headers: { Location: 'http://127.0.0.1:1/' } })],
    { ...badGateway, ...unknown },
  ],
  [
    '201 with an id that no address can hold',
    [answers(201, '{"id":"\\ud800"}')],
    { ...badGateway, ...unknown },
  ],
  [
    'a status that there is not',
    [answers(700, graphError('x', 'x'))],
    { ...badGateway, ...unknown },
  ],
  // Connections and time.
  [
    'a reset before the customer is stored',
    [{ kind: 'reset', when: 'before-stored' }],
    { ...badGateway, ...unknown },
  ],
  [
    'a reset after the customer is stored',
    [{ kind: 'reset', when: 'after-stored' }],
    { ...badGateway, ...unknown, ...storedOnce },
  ],
  [
    '500 after the customer is stored',
    [{ kind: 'answer-after-stored', status: 500, body: graphError('UnknownError', '') }],
    { status: 500, code: 'UnknownError', ...unknown, ...storedOnce },
  ],
  ['half an answer', [{ kind: 'truncate' }], { ...badGateway, ...unknown, ...storedOnce }],
  ['an endless answer', [{ kind: 'endless' }], { ...badGateway, ...unknown, ...storedOnce }],
  [
    'silence',
    [{ kind: 'silence', when: 'before-stored' }],
    { status: 504, code: 'GatewayTimeout', coined: true, ...unknown },
  ],
  [
    'silence after the customer is stored',
    [{ kind: 'silence', when: 'after-stored' }],
    { status: 504, code: 'GatewayTimeout', coined: true, ...unknown, ...storedOnce },
  ],
  [
    'an answer that drips',
    [{ kind: 'drip', intervalMs: 50 }],
    { status: 504, code: 'GatewayTimeout', coined: true, ...unknown, ...storedOnce },
  ],
  // Throttling.
  [
    '429 that does not fit the deadline',
    [
      answers(429, graphError('TooManyRequests', 'Please retry again later.'), {
        headers: { 'Retry-After': '2.128' },
      }),
    ],
    { status: 429, code: 'TooManyRequests' },
  ],
  [
    '429 three times',
    [
      answers(429, graphError('ApplicationThrottled', 'x'), {
        headers: { 'Retry-After': '0.01' },
        times: 5,
      }),
    ],
    { status: 429, code: 'ApplicationThrottled', requests: 3 },
  ],
];

describe('what Graph can do wrong', () => {
  it.each(TABLE)('%s', async (_title, faults, expected) => {
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
  });

  it('keeps the request-id of Graph also where the error is its own', async () => {
    const id = 'aaaaaaaa-1111-4222-8333-444444444444';
    for (const fault of [html(503), answers(302), answers(201, ''), answers(401, '')]) {
      stack.fake.script([{ ...fault, headers: { 'request-id': id } } as Fault]);
      const answer = await stack.create();
      expect([answer.status, answer.headers.get('request-id')]).toEqual([502, id]);
      expect(answer.innerError['request-id']).toBe(id);
    }
  });

  it.each(['\u{1f600}', '', 'x'.repeat(20_000), 'a\nb'])(
    'passes an error on although its request-id cannot be a header',
    async (requestId) => {
      const error = { code: 'UnknownError', message: '', innerError: { 'request-id': requestId } };
      stack.fake.script([answers(500, { error })]);
      const answer = await stack.create();
      expect([answer.status, answer.error['code']]).toEqual([500, 'UnknownError']);
      expect(answer.innerError['outcome']).toBe('unknown');
      expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('passes the details of an error on', async () => {
    const details = [{ code: 'x', message: 'y', target: 'z' }];
    stack.fake.script([answers(400, { error: { code: 'BadRequest', message: 'x', details } })]);
    expect((await stack.create()).error['details']).toEqual(details);
  });

  it("hands Graph's Retry-After on, in whole seconds", async () => {
    const body = graphError('TooManyRequests', 'x');
    stack.fake.script([answers(429, body, { headers: { 'Retry-After': '2.128' } })]);
    expect((await stack.create()).headers.get('retry-after')).toBe('3');
  });

  it("gives a user Graph's claims challenge, as 401", async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Manage.All'] });
    const body = graphError('InvalidAuthenticationToken', 'x');
    stack.fake.script([answers(401, body, { headers: challenge })]);
    const answer = await stack.create({ token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_claims", claims="${CLAIMS}"`,
    );
  });

  it('fetches a new token of its own after Graph refused one', async () => {
    stack.fake.script([answers(401, graphError('InvalidAuthenticationToken', 'x'))]);
    await stack.create();
    const before = stack.fake.requests().tokenRequests;
    expect((await stack.create()).status).toBe(201);
    expect(stack.fake.requests().tokenRequests).toBe(before + 1);
  });

  it('sends a create again after 429, within the deadline, and says how often it tried', async () => {
    const body = graphError('ApplicationThrottled', 'x');
    stack.fake.script([answers(429, body, { headers: { 'Retry-After': '0.05' }, times: 2 })]);
    const answer = await stack.create();
    expect(answer.status).toBe(201);
    expect([stack.seen, stack.fake.customers(BUSINESS).length]).toEqual([3, 1]);
    expect(await stack.lineOf(answer.headers.get('request-id'))).toMatchObject({ attempts: 3 });
  });

  it('ends the request upstream when the caller goes away', async () => {
    stack.fake.script([{ kind: 'silence', when: 'before-stored' }]);
    const caller = new AbortController();
    const headers = { 'client-request-id': '11111111-1111-4111-8111-111111111111' };
    const gone = stack.create({ signal: caller.signal, headers });
    await stack.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    const line = await stack.lineWith('clientRequestId', headers['client-request-id']);
    expect(line).toMatchObject({ status: 499, attempts: 1, outcome: 'unknown' });
    expect((await stack.create()).status).toBe(201);
  });
});

describe('when Graph cannot be reached', () => {
  it('tries three times and says that nothing was sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    closed.close();
    await once(closed, 'close');
    const other = await Stack.start({
      ...QUICK,
      GRAPH_BASE_URL: `http://127.0.0.1:${port}/v1.0`,
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: 'x',
    });
    const answer = await other.create();
    const line = await other.lineOf(answer.headers.get('request-id'));
    await other.stop();
    expect([answer.status, answer.error['code']]).toEqual([502, 'BadGateway']);
    expect(answer.innerError['outcome']).toBe('not-sent');
    expect(line).toMatchObject({ attempts: 3 });
  });

  it('says that nothing was sent when no token can be had, and nothing of why', async () => {
    const other = await Stack.start({ AZURE_CLIENT_SECRET: 'wrong-secret' });
    const answer = await other.create();
    const ready = await other.get('/readyz');
    const seen = other.seen;
    await other.stop();
    expect([answer.status, answer.error['code']]).toEqual([502, 'BadGateway']);
    expect(answer.innerError['outcome']).toBe('not-sent');
    expect([seen, ready.status]).toEqual([0, 503]);
    expect(`${answer.text}${ready.text}${other.logLines.join('')}`).not.toContain('wrong-secret');
  });
});

describe('an unknown business', () => {
  it('is Graph to say', async () => {
    const answer = await stack.create({ path: customersPath('nobody@contoso.com') });
    expect([answer.status, answer.error['code']]).toEqual([404, 'ErrorNonExistentMailbox']);
    expect(answer.innerError['origin']).toBeUndefined();
  });
});
