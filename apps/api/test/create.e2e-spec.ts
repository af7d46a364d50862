import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BUSINESS,
  CREATE_PERMISSION,
  DOCUMENTED_REQUEST,
  DOCUMENTED_RESPONSE,
  Stack,
  customersPath,
  jsonObject,
} from './stack.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const sentUp = () => stack.fake.requests().requests[0];

describe('POST customers', () => {
  it('answers the documented request, byte for byte, with the documented answer', async () => {
    const { status, headers, body } = await stack.create();
    expect(status).toBe(201);
    const { id, createdDateTime, lastUpdatedDateTime, ...rest } = body;
    const { id: _documentedId, ...documented } = DOCUMENTED_RESPONSE;
    expect(rest).toEqual({
      ...documented,
      '@odata.context': `${stack.fake.graphUrl}/solutions/$metadata#bookingBusinesses('Contosolunchdelivery%40contoso.onmicrosoft.com')/customers/$entity`,
    });
    expect([id, createdDateTime, lastUpdatedDateTime].map((value) => typeof value)).toEqual(
      Array(3).fill('string'),
    );
    expect(headers.get('location')).toBe(
      `${stack.url}/v1.0/solutions/bookingBusinesses/Contosolunchdelivery%40contoso.onmicrosoft.com/customers/${String(id)}`,
    );
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it('sends Graph the documented request, under the token of the proxy', async () => {
    await stack.create();
    expect(sentUp()?.path).toBe(
      '/v1.0/solutions/bookingBusinesses/Contosolunchdelivery%40contoso.onmicrosoft.com/customers',
    );
    expect(JSON.parse(sentUp()?.body ?? '')).toEqual(JSON.parse(DOCUMENTED_REQUEST));
    expect(stack.seen).toBe(1);
  });

  it("passes Graph's body on as it came and none of its own headers", async () => {
    const { headers, text } = await stack.create();
    expect(headers.get('content-type')).toMatch(/^application\/json;odata\.metadata=minimal/);
    expect(jsonObject(text)['id']).toBe(stack.fake.customers(BUSINESS)[0]?.id);
    for (const name of [
      'x-ms-ags-diagnostic',
      'strict-transport-security',
      'odata-version',
      'set-cookie',
      'server',
      'x-powered-by',
    ]) {
      expect([name, headers.get(name)]).toEqual([name, null]);
    }
  });

  it('acts on behalf of a user, with the scopes of the user', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Manage.All'] });
    const tokensBefore = stack.fake.requests().tokenRequests;
    const { status } = await stack.create({ token });
    expect(status).toBe(201);
    expect(stack.fake.requests().tokenRequests).toBe(tokensBefore + 1);
    await stack.create({ token });
    expect(stack.fake.requests().tokenRequests).toBe(tokensBefore + 1);
  });

  it('adds @odata.type when the caller left it out', async () => {
    const { status } = await stack.create({ body: '{"displayName":"Joni Sherman"}' });
    expect(status).toBe(201);
    expect(jsonObject(sentUp()?.body ?? '')).toEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: 'Joni Sherman',
    });
  });

  it('answers with the ids of Graph and of the caller, and makes its own where there are none', async () => {
    const clientRequestId = '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab';
    const first = await stack.create({ headers: { 'client-request-id': clientRequestId } });
    expect(first.headers.get('client-request-id')).toBe(clientRequestId);
    expect(sentUp()?.headers['client-request-id']).toBe(clientRequestId);
    const second = await stack.create({ headers: { 'client-request-id': 'not a uuid' } });
    expect(second.headers.get('client-request-id')).toMatch(UUID);
    expect(second.headers.get('request-id')).toMatch(UUID);
    expect(await stack.lineOf(second.headers.get('request-id'))).toMatchObject({
      clientRequestId: second.headers.get('client-request-id'),
    });
  });

  it('lets Graph see only the headers that it may see', async () => {
    const passed = {
      accept: 'application/json;odata.metadata=full',
      'if-match': '"1"',
      prefer: 'include-unknown-enum-members',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    await stack.create({
      headers: {
        ...passed,
        cookie: 'a=b',
        'x-forwarded-for': '10.0.0.1',
        'user-agent': 'x',
        'x-custom': '1',
        from: 'joni@example.com',
      },
    });
    const seen = { ...sentUp()?.headers };
    expect(seen).toMatchObject(passed);
    expect(Object.keys(seen).sort()).toEqual([
      'accept',
      'authorization',
      'client-request-id',
      'connection',
      'content-length',
      'content-type',
      'host',
      'if-match',
      'prefer',
      'traceparent',
    ]);
  });

  it('never asks Graph for an answer without the entity', async () => {
    await stack.create({ headers: { prefer: 'return=minimal', accept: '*/*' } });
    expect(sentUp()?.headers['prefer']).toBeUndefined();
    expect(sentUp()?.headers['accept']).toBe('application/json');
  });

  it.each<[string, Record<string, string>, string]>([
    ['If-None-Match', { 'if-none-match': '*' }, 'if-none-match'],
    ['a method override', { 'x-http-method-override': 'PATCH' }, 'x-http-method-override'],
  ])('refuses %s, which it cannot honour, by name', async (_title, headers, target) => {
    const answer = await stack.create({ headers });
    expect([answer.status, answer.error['code']]).toEqual([400, 'BadRequest']);
    expect(answer.error['details']).toMatchObject([{ target }]);
    expect(stack.seen).toBe(0);
  });

  it('refuses query options, which a create does not have', async () => {
    for (const query of ['?$select=id', '?a=1&%24expand=x']) {
      expect((await stack.create({ path: `${customersPath()}${query}` })).status).toBe(400);
    }
    expect(stack.seen).toBe(0);
  });

  it('logs one line per request with ids, figures and the application, and nothing personal', async () => {
    const { headers } = await stack.create();
    const line = await stack.lineOf(headers.get('request-id'));
    const requestId = String(line['requestId']);
    expect(stack.logLines.filter((each) => each.includes(requestId))).toHaveLength(1);
    expect(line).toMatchObject({
      operation: 'createCustomer',
      status: 201,
      attempts: 1,
      tokenKind: 'application',
      appId: expect.stringMatching(UUID),
      durationMs: expect.any(Number),
      upstreamMs: expect.any(Number),
      queuedMs: expect.any(Number),
    });
    const personal = ['Joni', 'relecloud', 'Main Street', '206-555', 'Bearer', 'eyJ', BUSINESS];
    for (const piece of personal) expect(stack.logLines.join('')).not.toContain(piece);
  });
});

describe('where a customer is found', () => {
  it.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
    [
      'PUBLIC_BASE_URL',
      { PUBLIC_BASE_URL: 'https://bookings.example.com/api/' },
      {},
      /^https:\/\/bookings\.example\.com\/api\/v1\.0\//,
    ],
    [
      'a trusted proxy',
      {},
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b.example.com' },
      /^https:\/\/b\.example\.com\/v1\.0\//,
    ],
    [
      'nobody else',
      { TRUSTED_PROXIES: '10.0.0.0/8' },
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'b.example.com' },
      /^http:\/\/127\.0\.0\.1:\d+\/v1\.0\//,
    ],
  ])('is said by %s', async (_title, env, headers, expected) => {
    const other = await Stack.start(env);
    const answer = await other.create({ headers });
    await other.stop();
    expect(answer.headers.get('location')).toMatch(expected);
  });

  it('encodes a Base64 id as one segment', async () => {
    const other = await Stack.start({}, { idShape: 'base64' });
    const answer = await other.create();
    await other.stop();
    const id = String(answer.body['id']);
    expect(id).toMatch(/^AAQkA.*=$/);
    expect(answer.headers.get('location')).toMatch(/customers\/[A-Za-z0-9%]+$/);
    expect(decodeURIComponent(answer.headers.get('location')?.split('/').at(-1) ?? '')).toBe(id);
  });
});

describe('GRAPH_ADDRESS_SCHEMA=v1.0', () => {
  it('drops what the v1.0 schema does not declare before it forwards', async () => {
    const other = await Stack.start({ GRAPH_ADDRESS_SCHEMA: 'v1.0' });
    const { status } = await other.create();
    const body = other.fake.requests().requests[0]?.body ?? '';
    await other.stop();
    expect(status).toBe(201);
    expect(body).not.toMatch(/postOfficeBox|"addresses":\[[^\]]*"type"/);
    expect(body).toContain('"phones":[{"number":"206-555-0100","type":"home"}');
  });
});

describe('GRAPH_CREDENTIAL=access-token', () => {
  it('sends one fixed token for every caller', async () => {
    const fake = stack.fake;
    const token = await fake.issueGraphToken();
    const other = await Stack.start({
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: token,
      GRAPH_BASE_URL: fake.graphUrl,
    });
    const user = await other.fake.issueToken({ scopes: [CREATE_PERMISSION] });
    const statuses = [await other.create(), await other.create({ token: user })];
    await other.stop();
    expect(statuses.map(({ status }) => status)).toEqual([201, 201]);
    expect(fake.customers(BUSINESS)).toHaveLength(2);
  });
});
