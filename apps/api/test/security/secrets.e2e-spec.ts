import { createServer } from 'node:net';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { NO_LINGER, respond, resetAfter, silenceBefore, silenceAfter } from '../faults.ts';
import { customersPath } from '../documented.ts';
import { close, listen } from '../local-server.ts';
import { type ProxyResponse } from '../proxy-client.ts';
import { Stack, useStack } from '../stack.ts';
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
import { graphAt } from './reply-server.ts';
import { onTeardown } from '../teardown.ts';

const LOUD = { ...NO_LINGER, LOG_LEVEL: 'trace' };

const stack = useStack(LOUD, { businesses: ['*'] });
let token: string;
beforeAll(async () => {
  token = await userToken(stack);
});
beforeEach(() => {
  stack.logLines.length = 0;
  stack.auditLines.length = 0;
});

const error = { code: `${MARK} ${CUSTOMER.emailAddress}`, message: `${MARK}-message` };
const always = (status: number, body: unknown, details: object = {}): Fault =>
  respond(status, body, { times: 99, ...details });
const CHALLENGE = `Bearer realm="${MARK}", error="insufficient_claims", claims="eyJ4IjoxfQ=="`;

describe('data of callers and Graph is not in logs, metrics or errors of the proxy', () => {
  it.each<[string, Fault[]]>([
    ['when nothing fails', []],
    ['when Graph refuses', [always(400, { error })]],
    ['when Graph responds with 404', [always(404, { error })]],
    ['when Graph fails', [always(500, { error })]],
    ['when Graph refuses the proxy', [always(401, { error })]],
    [
      'when Graph asks for claims',
      [always(401, { error }, { headers: { 'WWW-Authenticate': CHALLENGE } })],
    ],
    [
      'when Graph responds with an HTML page',
      [always(500, `<p>${MARK}`, { contentType: 'text/html' })],
    ],
    ['when Graph responds with invalid JSON', [always(200, `{"id":"x","${MARK}`)]],
    ['when Graph responds without an id', [always(200, { displayName: CUSTOMER.displayName })]],
    [
      'when Graph links to another host',
      [always(200, { value: [CUSTOMER], '@odata.nextLink': `https://${MARK}.example/x?y` })],
    ],
    [
      'when Graph redirects',
      [always(302, '', { headers: { Location: `https://${MARK}.example` } })],
    ],
    ['when Graph resets the connection', [resetAfter(99)]],
    ['when Graph truncates a response', [{ kind: 'truncate', times: 99 }]],
    // The last, because it pauses the mailbox.
    ['when Graph throttles', [always(429, { error }, { headers: { 'Retry-After': '99' } })]],
  ])('%s', async (_title, faults) => {
    stack.fake.script(faults);
    await expectSilence(stack, await sendAll(stack, token), [token]);
  });

  it('when Graph is silent', async () => {
    const other = await Stack.start({
      ...LOUD,
      GRAPH_ATTEMPT_TIMEOUT_MS: '100',
      GRAPH_DEADLINE_MS: '400',
    });
    const own = await userToken(other);
    other.fake.script([silenceAfter(99)]);
    await expectSilence(other, await sendAll(other, own), [own]);
    await other.stop();
  });

  it('when Graph responds with invalid HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
      socket.on('data', () => {
        socket.write(`${head}Transfer-Encoding: chunked\r\n\r\nno chunk but ${MARK}\r\n`);
      });
    });
    const port = await listen(server);
    onTeardown(() => close(server));
    const other = await Stack.start({
      ...LOUD,
      ...graphAt(`http://127.0.0.1:${port}`),
      GRAPH_ACCESS_TOKEN: CANARIES.secret,
    });
    const own = await userToken(other);
    const given = await sendAll(other, own);
    expect(given.map(({ status }) => status)).toEqual([502, 502, 502, 502, 502, 502, 200]);
    await expectSilence(other, given, [own]);
    await other.stop();
  });

  it('when the token endpoint repeats the secret', async () => {
    const other = await Stack.start({ ...LOUD, AZURE_CLIENT_SECRET: CANARIES.secret });
    const own = await userToken(other);
    const given = await sendAll(other, own);
    expect(given[0]?.status).toBe(502);
    await expectSilence(other, given, [own]);
    await other.stop();
  });
});

describe('data of refused requests is not in logs, metrics or errors', () => {
  const customer = JSON.stringify(CUSTOMER);
  const send = (method: string, path: string, more: object = {}) =>
    stack.request(method, path, { token, headers: HEADERS, ...more });

  it.each<[string, number, () => Promise<ProxyResponse>]>([
    ['a body that is not JSON', 400, () => send('POST', CUSTOMERS, { body: `{"x":"${MARK}` })],
    ['a body that is only text', 400, () => send('POST', CUSTOMERS, { body: `${MARK}-text` })],
    [
      'invalid values',
      400,
      () =>
        send('POST', CUSTOMERS, {
          body: JSON.stringify({
            displayName: MARK.repeat(100),
            emailAddress: `${MARK} at home`,
            addresses: [{ street: { [`x`]: MARK }, type: MARK }],
            phones: [{ number: [MARK], type: MARK }],
          }),
        }),
    ],
    ['a string instead of an object', 400, () => send('POST', CUSTOMERS, { body: `"${MARK}"` })],
    [
      'a body that is too large',
      413,
      () => send('POST', CUSTOMERS, { body: customer.padEnd(70_000) }),
    ],
    [
      'a media type',
      415,
      () =>
        send('POST', CUSTOMERS, { body: customer, headers: { 'content-type': `text/${MARK}` } }),
    ],
    ['a path', 404, () => send('GET', `/${MARK}/${CANARIES.business}`)],
    ['a path that cannot be decoded', 400, () => send('GET', `/${MARK}%zz`)],
    ['a method', 405, () => send('PUT', CUSTOMERS, { body: customer })],
    // The caller learns the name of a refused option, but not its value.
    ['a query option', 400, () => send('GET', `${CUSTOMERS}?$x=${MARK}`)],
    [
      'a query option of a write',
      400,
      () => send('POST', `${CUSTOMERS}?$x=${MARK}`, { body: customer }),
    ],
    ['an id', 400, () => send('GET', `${CUSTOMERS}/${MARK}%00`)],
    [
      'a header that is not supported',
      400,
      () => send('POST', CUSTOMERS, { body: customer, headers: { 'if-none-match': MARK } }),
    ],
    [
      'an Idempotency-Key',
      400,
      () => send('POST', CUSTOMERS, { body: customer, headers: { 'idempotency-key': `${MARK},` } }),
    ],
    [
      'a batch',
      400,
      () => send('POST', '/v1.0/$batch', { body: `{"requests":[{"id":"${MARK}"}]}` }),
    ],
    ['an invalid token', 401, () => send('GET', CUSTOMERS, { token: MARK })],
    ['a token that does not verify', 401, () => send('GET', CUSTOMERS, { token: `${token}x` })],
    [
      'an authorization scheme',
      401,
      () => send('GET', CUSTOMERS, { token: null, headers: { authorization: `${MARK} ${MARK}` } }),
    ],
  ])('%s', async (_title, status, send) => {
    const response = await send();
    expect([response.status, response.innerError['origin']]).toEqual([status, 'proxy']);
    await expectSilence(stack, [response], [token]);
  });

  it.each<[string, number, Parameters<Stack['fake']['issueToken']>[0]]>([
    ['a claim of a token that has expired', 401, { lifetimeSeconds: -100 }],
    ['a claim of a token for another audience', 401, { audience: MARK }],
    ['a claim of a token of another issuer', 401, { claims: { iss: MARK } }],
    ['a key id', 401, { header: { kid: MARK } }],
    ['a claim of a tenant that is not accepted', 403, { tenantId: `${MARK}-tenant` }],
    ['a claim of a user without a scope', 403, { scopes: ['x'], claims: { name: MARK } }],
  ])('%s', async (_title, status, request) => {
    const bad = await stack.fake.issueToken({ claims: { name: CANARIES.user }, ...request });
    const response = await send('POST', CUSTOMERS, { token: bad, body: customer });
    expect(response.status).toBe(status);
    await expectSilence(stack, [response], [bad]);
  });

  it('a client that disconnects', async () => {
    stack.fake.script([silenceBefore()]);
    const caller = new AbortController();
    const path = customersPath('another@contoso.com');
    const gone = send('POST', path, { body: customer, signal: caller.signal });
    await stack.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    await stack.lineWith('http.response.status_code', 499);
    await expectSilence(stack, [], [token]);
  });
});
