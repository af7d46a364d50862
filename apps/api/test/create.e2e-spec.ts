import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath, DOCUMENTED_REQUEST, DOCUMENTED_RESPONSE } from './documented.ts';
import { jsonObject } from './json.ts';
import { useStack } from './stack.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const stack = useStack();

const sentUp = () => stack.fake.requests().requests[0];

describe('POST customers', () => {
  it('answers the documented request with the documented response', async () => {
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

  it('sends the documented request to Graph with the token of the proxy', async () => {
    await stack.create();
    expect(sentUp()?.path).toBe(
      '/v1.0/solutions/bookingBusinesses/Contosolunchdelivery%40contoso.onmicrosoft.com/customers',
    );
    expect(JSON.parse(sentUp()?.body ?? '')).toEqual(JSON.parse(DOCUMENTED_REQUEST));
    expect(stack.graphRequests).toBe(1);
  });

  it("returns Graph's body unchanged, without Graph's own headers", async () => {
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

  it('acts on behalf of a user and reuses the token for the same user', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Manage.All'] });
    const tokensBefore = stack.fake.requests().tokenRequests;
    const { status } = await stack.create({ token });
    expect(status).toBe(201);
    expect(stack.fake.requests().tokenRequests).toBe(tokensBefore + 1);
    await stack.create({ token });
    expect(stack.fake.requests().tokenRequests).toBe(tokensBefore + 1);
  });

  it('adds @odata.type when it is missing', async () => {
    const { status } = await stack.create({ body: '{"displayName":"Joni Sherman"}' });
    expect(status).toBe(201);
    expect(jsonObject(sentUp()?.body ?? '')).toEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: 'Joni Sherman',
    });
  });

  it('returns the request id of Graph and the client request id of the caller, or generated ones', async () => {
    const clientRequestId = '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab';
    const first = await stack.create({ headers: { 'client-request-id': clientRequestId } });
    expect(first.headers.get('client-request-id')).toBe(clientRequestId);
    expect(sentUp()?.headers['client-request-id']).toBe(clientRequestId);
    const second = await stack.create({ headers: { 'client-request-id': 'not a uuid' } });
    expect(second.headers.get('client-request-id')).toMatch(UUID);
    expect(second.headers.get('request-id')).toMatch(UUID);
    expect(await stack.lineOf(second.headers.get('request-id'))).toMatchObject({
      'bookings.client_request_id': second.headers.get('client-request-id'),
    });
  });

  it('forwards only the allowed headers to Graph', async () => {
    const passed = {
      accept: 'application/json;odata.metadata=full',
      'if-match': '"1"',
      prefer: 'include-unknown-enum-members',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'vendor=value',
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
      'tracestate',
    ]);
  });

  it('never asks Graph to omit the created entity', async () => {
    await stack.create({ headers: { prefer: 'return=minimal', accept: '*/*' } });
    expect(sentUp()?.headers['prefer']).toBeUndefined();
    expect(sentUp()?.headers['accept']).toBe('application/json');
  });

  it.each<[string, Record<string, string>, string]>([
    ['If-None-Match', { 'if-none-match': '*' }, 'if-none-match'],
    ['a method override', { 'x-http-method-override': 'PATCH' }, 'x-http-method-override'],
  ])('refuses %s, which is not supported', async (_title, headers, target) => {
    const response = await stack.create({ headers });
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
    expect(response.error['details']).toMatchObject([{ target }]);
    expect(stack.graphRequests).toBe(0);
  });

  it('refuses query options', async () => {
    for (const query of ['?$select=id', '?a=1&%24expand=x']) {
      expect((await stack.create({ path: `${customersPath()}${query}` })).status).toBe(400);
    }
    expect(stack.graphRequests).toBe(0);
  });

  it('logs one line per request with ids, durations and the application, but no personal data', async () => {
    const { headers } = await stack.create();
    const line = await stack.lineOf(headers.get('request-id'));
    const requestId = String(line['http.request.id']);
    expect(stack.logLines.filter((each) => each.includes(requestId))).toHaveLength(1);
    expect(line).toMatchObject({
      'event.action': 'createCustomer',
      'http.response.status_code': 201,
      'bookings.attempts': 1,
      'bookings.token_kind': 'application',
      'bookings.app_id': expect.stringMatching(UUID),
      'event.duration': expect.any(Number),
      'bookings.upstream_ms': expect.any(Number),
      'bookings.queued_ms': expect.any(Number),
    });
    const personal = ['Joni', 'relecloud', 'Main Street', '206-555', 'Bearer', 'eyJ', BUSINESS];
    for (const text of personal) expect(stack.logLines.join('')).not.toContain(text);
  });
});
