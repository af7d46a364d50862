import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allOf, open, statuses } from './security/raw-caller.ts';
import { Stack, customersPath, jsonObject, objectIn } from './stack.ts';

const MANAGED = ['/livez', '/readyz', '/metrics'];

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ MANAGEMENT_PORT: '0' });
});
afterAll(async () => {
  await stack.stop();
});

describe('with a management port', () => {
  it.each(MANAGED)('%s is there, and no longer on the other port', async (path) => {
    let managed = await stack.manage(path);
    while (managed.status === 503) managed = await stack.manage(path);
    expect(managed.status).toBe(200);
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { status } = await stack.ask(method, path);
      expect([method, status]).toEqual([method, 404]);
    }
    const { error, innerError } = await stack.get(path);
    expect([error['code'], innerError['origin']]).toEqual(['ResourceNotFound', 'proxy']);
  });

  it.each([
    ['GET', '/'],
    ['GET', customersPath()],
    ['POST', customersPath()],
    ['POST', '/v1.0/$batch'],
    ['GET', '/permissions'],
    ['GET', '/docs'],
    ['GET', '/docs/page.js'],
    ['GET', '/openapi.json'],
    ['GET', '/livez/x'],
  ])('nothing else is there: %s %s', async (method, path) => {
    const token = await stack.fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
    const { status, error, innerError, headers } = await stack.manage(path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: '{"displayName":"Joni Sherman"}' }),
    });
    expect([status, error['code'], innerError['origin']]).toEqual([
      404,
      'ResourceNotFound',
      'proxy',
    ]);
    expect(innerError['request-id']).toBe(headers.get('request-id'));
    expect(headers.get('content-type')).toBe('application/json');
    expect(stack.seen).toBe(0);
  });

  it('another method is refused, and says which there are', async () => {
    const { status, headers } = await stack.manage('/livez', { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('the document says nothing of what is there', async () => {
    const paths = Object.keys(objectIn((await stack.get('/openapi.json')).body, 'paths'));
    expect(paths).toContain('/permissions');
    expect(paths.filter((path) => MANAGED.includes(path))).toEqual([]);
  });

  it('the limits of the other server hold', () => {
    const limits = ({ server }: typeof stack.app.fastify) => [
      server.headersTimeout,
      server.requestTimeout,
      server.maxConnections,
      server.keepAliveTimeout,
      server.maxRequestsPerSocket,
    ];
    const { management, fastify } = stack.app;
    expect(management && limits(management.fastify)).toEqual(limits(fastify));
  });

  it.each<[string, string, number, string]>([
    [
      'headers that are too large',
      `GET /livez HTTP/1.1\r\nHost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'RequestHeaderFieldsTooLarge',
    ],
    ['no HTTP', 'HELO\r\n\r\n', 400, 'BadRequest'],
    [
      'a malformed URL',
      'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
      'BadRequest',
    ],
    ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'Request_BadRequest'],
    [
      'two hosts',
      'GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n',
      400,
      'BadRequest',
    ],
  ])("errors have Graph's shape: %s", async (_title, bytes, status, code) => {
    const answer = await allOf(await open(stack.managementUrl, bytes));
    expect(statuses(answer)).toEqual([status]);
    const body = jsonObject(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    expect(objectIn(body, 'error')['code']).toBe(code);
  });

  it('the figures are those of the other port, and its own requests are no work', async () => {
    await stack.create({ token: null });
    const { text } = await stack.manage('/metrics');
    expect(text).toContain(
      'bookings_http_requests_total{operation="createCustomer",status="401"} 1',
    );
    expect(text).toContain('bookings_http_requests_in_flight 0');
  });

  it('it says that the process is about to end', async () => {
    const other = await Stack.start({ MANAGEMENT_PORT: '0' });
    other.app.readiness.drain();
    const [ready, alive] = [await other.manage('/readyz'), await other.manage('/livez')];
    const { managementUrl } = other;
    await other.stop();
    expect([ready.status, alive.status]).toEqual([503, 200]);
    await expect(fetch(`${managementUrl}/livez`)).rejects.toThrow();
  });
});
