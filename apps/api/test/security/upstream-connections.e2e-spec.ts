import { describe, expect, it } from '@jest/globals';
import { BUSINESS } from '../documented.ts';
import {
  graphError,
  respond,
  resetBefore,
  resetAfter,
  silenceBefore,
  silenceAfter,
} from '../faults.ts';
import { freePort } from '../local-server.ts';
import { Stack } from '../stack.ts';
import { graphAt } from './reply-server.ts';
import {
  QUICK,
  useQuickStack,
  type Rows,
  badGateway,
  checkFaults,
  storedOnce,
  unknown,
} from './upstream-rows.ts';

const stack = useQuickStack();

const ROWS: Rows = [
  // Connections and timeouts.
  ['a reset before the customer is stored', [resetBefore()], { ...badGateway, ...unknown }],
  [
    'a reset after the customer is stored',
    [resetAfter()],
    { ...badGateway, ...unknown, ...storedOnce },
  ],
  [
    '500 after the customer is stored',
    [{ kind: 'answer-after-stored', status: 500, body: graphError('UnknownError', '') }],
    { status: 500, code: 'UnknownError', ...unknown, ...storedOnce },
  ],
  ['a truncated response', [{ kind: 'truncate' }], { ...badGateway, ...unknown, ...storedOnce }],
  ['an endless response', [{ kind: 'endless' }], { ...badGateway, ...unknown, ...storedOnce }],
  [
    'silence',
    [silenceBefore()],
    { status: 504, code: 'GatewayTimeout', fromProxy: true, ...unknown },
  ],
  [
    'silence after the customer is stored',
    [silenceAfter()],
    { status: 504, code: 'GatewayTimeout', fromProxy: true, ...unknown, ...storedOnce },
  ],
  [
    'a response that arrives byte by byte',
    [{ kind: 'drip', intervalMs: 50 }],
    { status: 504, code: 'GatewayTimeout', fromProxy: true, ...unknown, ...storedOnce },
  ],
  // Throttling.
  [
    '429 that does not fit the deadline',
    [
      respond(429, graphError('TooManyRequests', 'Please retry again later.'), {
        headers: { 'Retry-After': '2.128' },
      }),
    ],
    { status: 429, code: 'TooManyRequests' },
  ],
  [
    '429 three times',
    [
      respond(429, graphError('ApplicationThrottled', 'x'), {
        headers: { 'Retry-After': '0.01' },
        times: 5,
      }),
    ],
    { status: 429, code: 'ApplicationThrottled', requests: 3 },
  ],
];

describe('a failure between the proxy and Graph', () => {
  it.each(ROWS)('%s', async (_title, faults, expected) => {
    await checkFaults(stack, faults, expected);
  });

  it('causes a new token to be obtained when Graph has refused the old one', async () => {
    stack.fake.script([respond(401, graphError('InvalidAuthenticationToken', 'x'))]);
    await stack.create();
    const before = stack.fake.requests().tokenRequests;
    expect((await stack.create()).status).toBe(201);
    expect(stack.fake.requests().tokenRequests).toBe(before + 1);
  });

  it('causes a retry after 429, within the deadline, and the number of attempts is logged', async () => {
    const body = graphError('ApplicationThrottled', 'x');
    stack.fake.script([respond(429, body, { headers: { 'Retry-After': '0.05' }, times: 2 })]);
    const response = await stack.create();
    expect(response.status).toBe(201);
    expect([stack.graphRequests, stack.fake.customers(BUSINESS).length]).toEqual([3, 1]);
    expect(await stack.lineOf(response.headers.get('request-id'))).toMatchObject({
      'bookings.attempts': 3,
    });
  });

  it('has an unknown outcome in the log when the client disconnects', async () => {
    stack.fake.script([silenceBefore()]);
    const caller = new AbortController();
    const headers = { 'client-request-id': '11111111-1111-4111-8111-111111111111' };
    const gone = stack.create({ signal: caller.signal, headers });
    await stack.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    const line = await stack.lineWith('bookings.client_request_id', headers['client-request-id']);
    expect(line).toMatchObject({
      'http.response.status_code': 499,
      'bookings.attempts': 1,
      'bookings.outcome': 'unknown',
    });
    expect((await stack.create()).status).toBe(201);
  });
});

describe('when Graph cannot be reached', () => {
  it('the proxy tries three times and reports that nothing was sent', async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1.0`;
    const other = await Stack.start({ ...QUICK, ...graphAt(url) });
    const response = await other.create();
    const line = await other.lineOf(response.headers.get('request-id'));
    await other.stop();
    expect([response.status, response.error['code']]).toEqual([502, 'BadGateway']);
    expect(response.innerError['outcome']).toBe('not-sent');
    expect(line).toMatchObject({ 'bookings.attempts': 3 });
  });

  it('the proxy reports that nothing was sent when it gets no token, without the reason', async () => {
    const other = await Stack.start({ AZURE_CLIENT_SECRET: 'wrong-secret' });
    const response = await other.create();
    const ready = await other.get('/readyz');
    const seen = other.graphRequests;
    await other.stop();
    expect([response.status, response.error['code']]).toEqual([502, 'BadGateway']);
    expect(response.innerError['outcome']).toBe('not-sent');
    expect([seen, ready.status]).toEqual([0, 503]);
    expect(`${response.text}${ready.text}${other.logLines.join('')}`).not.toContain('wrong-secret');
  });
});
