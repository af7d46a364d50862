import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { type Answer, Stack } from '../stack.ts';
import {
  CANARIES,
  CUSTOMER,
  CUSTOMERS,
  HEADERS,
  MARK,
  expectSilence,
  sendAll,
  userToken,
} from './canaries.ts';

const LOUD = { LOG_LEVEL: 'trace', GRAPH_ATTEMPT_TIMEOUT_MS: '100', GRAPH_DEADLINE_MS: '400' };

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await Stack.start(LOUD, { businesses: ['*'] });
  token = await userToken(stack);
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
  stack.logLines.length = 0;
  stack.auditLines.length = 0;
});

const error = { code: `${MARK} ${CUSTOMER.emailAddress}`, message: `${MARK}-message` };
const answers = (status: number, body: unknown, more: object = {}): Fault => ({
  kind: 'status',
  status,
  body,
  times: 99,
  ...more,
});
const CHALLENGE = `Bearer realm="${MARK}", error="insufficient_claims", claims="eyJ4IjoxfQ=="`;

describe('what a caller and Graph tell each other is in no log, metric or error of the proxy', () => {
  it.each<[string, Fault[]]>([
    ['when all is well', []],
    ['when Graph refuses', [answers(400, { error })]],
    ['when Graph finds nothing', [answers(404, { error })]],
    ['when Graph fails', [answers(500, { error })]],
    ['when Graph throttles', [answers(429, { error }, { headers: { 'Retry-After': '9' } })]],
    ['when Graph refuses the proxy', [answers(401, { error })]],
    [
      'when Graph asks for claims',
      [answers(401, { error }, { headers: { 'WWW-Authenticate': CHALLENGE } })],
    ],
    ['when Graph answers a page', [answers(500, `<p>${MARK}`, { contentType: 'text/html' })]],
    ['when Graph answers what cannot be read', [answers(200, `{"id":"x","${MARK}`)]],
    ['when Graph answers without id', [answers(200, { displayName: CUSTOMER.displayName })]],
    [
      'when Graph leads elsewhere',
      [answers(200, { value: [CUSTOMER], '@odata.nextLink': `https://${MARK}.example/x?y` })],
    ],
    [
      'when Graph redirects',
      [answers(302, '', { headers: { Location: `https://${MARK}.example` } })],
    ],
    ['when Graph breaks off', [{ kind: 'reset', when: 'after-stored', times: 99 }]],
    ['when Graph breaks off in the middle', [{ kind: 'truncate', times: 99 }]],
    ['when Graph is silent', [{ kind: 'silence', when: 'after-stored', times: 99 }]],
  ])('%s', async (_title, faults) => {
    stack.fake.script(faults);
    await expectSilence(stack, await sendAll(stack, token), [token]);
  });

  it('when Graph answers what is no HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
      socket.on('data', () => {
        socket.write(`${head}Transfer-Encoding: chunked\r\n\r\nno chunk but ${MARK}\r\n`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const other = await Stack.start({
      ...LOUD,
      GRAPH_BASE_URL: `http://127.0.0.1:${port}`,
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: CANARIES.secret,
    });
    const own = await userToken(other);
    const given = await sendAll(other, own);
    expect(given.map(({ status }) => status)).toEqual([502, 502, 502, 502, 502, 502, 200]);
    await expectSilence(other, given, [own]);
    await other.stop();
    server.close();
  });

  it('when the token endpoint repeats what it was told', async () => {
    const other = await Stack.start({ ...LOUD, AZURE_CLIENT_SECRET: CANARIES.secret });
    const own = await userToken(other);
    const given = await sendAll(other, own);
    expect(given[0]?.status).toBe(502);
    await expectSilence(other, given, [own]);
    await other.stop();
  });
});

describe('what is refused is in no log, metric or error', () => {
  const customer = JSON.stringify(CUSTOMER);
  const ask = (method: string, path: string, more: object = {}) =>
    stack.ask(method, path, { token, headers: HEADERS, ...more });

  it.each<[string, number, () => Promise<Answer>]>([
    ['a body that is no JSON', 400, () => ask('POST', CUSTOMERS, { body: `{"x":"${MARK}` })],
    ['a body that is only text', 400, () => ask('POST', CUSTOMERS, { body: `${MARK}-text` })],
    [
      'values that break rules',
      400,
      () =>
        ask('POST', CUSTOMERS, {
          body: JSON.stringify({
            displayName: MARK.repeat(100),
            emailAddress: `${MARK} at home`,
            addresses: [{ street: { [`x`]: MARK }, type: MARK }],
            phones: [{ number: [MARK], type: MARK }],
          }),
        }),
    ],
    ['a value in the place of the whole', 400, () => ask('POST', CUSTOMERS, { body: `"${MARK}"` })],
    [
      'a body that is too large',
      413,
      () => ask('POST', CUSTOMERS, { body: customer.padEnd(70_000) }),
    ],
    [
      'a media type',
      415,
      () => ask('POST', CUSTOMERS, { body: customer, headers: { 'content-type': `text/${MARK}` } }),
    ],
    ['a path', 404, () => ask('GET', `/${MARK}/${CANARIES.business}`)],
    ['a path that cannot be decoded', 400, () => ask('GET', `/${MARK}%zz`)],
    ['a method', 405, () => ask('PUT', CUSTOMERS, { body: customer })],
    ['a query option', 400, () => ask('GET', `${CUSTOMERS}?$${MARK}=${MARK}`)],
    ['a query of a write', 400, () => ask('POST', `${CUSTOMERS}?$x=${MARK}`, { body: customer })],
    ['an id', 400, () => ask('GET', `${CUSTOMERS}/${MARK}%00`)],
    [
      'a header that is not honoured',
      400,
      () => ask('POST', CUSTOMERS, { body: customer, headers: { 'if-none-match': MARK } }),
    ],
    [
      'an Idempotency-Key',
      400,
      () => ask('POST', CUSTOMERS, { body: customer, headers: { 'idempotency-key': `${MARK},` } }),
    ],
    [
      'a batch',
      400,
      () => ask('POST', '/v1.0/$batch', { body: `{"requests":[{"id":"${MARK}"}]}` }),
    ],
    ['a token that is none', 401, () => ask('GET', CUSTOMERS, { token: MARK })],
    ['a token that does not verify', 401, () => ask('GET', CUSTOMERS, { token: `${token}x` })],
    [
      'a scheme',
      401,
      () => ask('GET', CUSTOMERS, { token: null, headers: { authorization: `${MARK} ${MARK}` } }),
    ],
  ])('%s', async (_title, status, send) => {
    const answer = await send();
    expect([answer.status, answer.innerError['origin']]).toEqual([status, 'proxy']);
    await expectSilence(stack, [answer], [token]);
  });

  it.each<[string, number, Parameters<Stack['fake']['issueToken']>[0]]>([
    ['a claim of a token that has expired', 401, { lifetimeSeconds: -100 }],
    ['a claim of a token for somebody else', 401, { audience: MARK }],
    ['a claim of a token from elsewhere', 401, { claims: { iss: MARK } }],
    ['a key id', 401, { header: { kid: MARK } }],
    ['a claim of a tenant that is not accepted', 403, { tenantId: `${MARK}-tenant` }],
    ['a claim of a user who missing a scope', 403, { scopes: [MARK], claims: { name: MARK } }],
  ])('%s', async (_title, status, request) => {
    const bad = await stack.fake.issueToken({ claims: { name: CANARIES.user }, ...request });
    const answer = await ask('POST', CUSTOMERS, { token: bad, body: customer });
    expect(answer.status).toBe(status);
    await expectSilence(stack, [answer], [bad]);
  });

  it('a caller that goes away in the middle', async () => {
    stack.fake.script([{ kind: 'silence', when: 'before-stored' }]);
    const caller = new AbortController();
    const gone = ask('POST', CUSTOMERS, { body: customer, signal: caller.signal });
    await stack.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    await stack.lineWith('status', 499);
    await expectSilence(stack, [], [token]);
  });
});
