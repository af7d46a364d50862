import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, Stack } from '../stack.ts';
import {
  QUICK,
  type Rows,
  answers,
  badGateway,
  checkFaults,
  graphError,
  storedOnce,
  unknown,
} from './upstream-rows.ts';

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

const ROWS: Rows = [
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

describe('what can happen on the way to Graph', () => {
  it.each(ROWS)('%s', async (_title, faults, expected) => {
    await checkFaults(stack, faults, expected);
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
