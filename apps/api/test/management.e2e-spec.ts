import { describe, expect, it } from '@jest/globals';
import { customersPath } from './documented.ts';
import { jsonObject, objectIn } from './json.ts';
import { readAll, open, statuses } from './security/raw-client.ts';
import { Stack, useStack } from './stack.ts';

const MANAGED = ['/livez', '/readyz', '/metrics'];

const stack = useStack({ MANAGEMENT_PORT: '0' });

describe('the management port', () => {
  it.each(MANAGED)('serves %s, which the main port does not', async (path) => {
    let managed = await stack.manage(path);
    while (managed.status === 503) managed = await stack.manage(path);
    expect(managed.status).toBe(200);
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { status } = await stack.request(method, path);
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
  ])('serves nothing else: %s %s', async (method, path) => {
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
    expect(stack.graphRequests).toBe(0);
  });

  it('refuses other methods and lists the allowed ones', async () => {
    const { status, headers } = await stack.manage('/livez', { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is not in the OpenAPI document', async () => {
    const paths = Object.keys(objectIn((await stack.get('/openapi.json')).body, 'paths'));
    expect(paths).toContain('/permissions');
    expect(paths.filter((path) => MANAGED.includes(path))).toEqual([]);
  });

  it('has the same limits as the main port', () => {
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
    ['bytes that are not HTTP', 'HELO\r\n\r\n', 400, 'BadRequest'],
    [
      'a malformed URL',
      'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
      'BadRequest',
    ],
    ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'Request_BadRequest'],
    [
      'two Host headers',
      'GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n',
      400,
      'BadRequest',
    ],
  ])("returns errors in Graph's shape: %s", async (_title, bytes, status, code) => {
    const response = await readAll(await open(stack.managementUrl, bytes));
    expect(statuses(response)).toEqual([status]);
    const body = jsonObject(response.slice(response.indexOf('\r\n\r\n') + 4));
    expect(objectIn(body, 'error')['code']).toBe(code);
  });

  it('serves the metrics of the main port, without its own requests', async () => {
    await stack.create({ token: null });
    const { text } = await stack.manage('/metrics');
    expect(text).toContain(
      'bookings_http_requests_total{operation="createCustomer",status="401"} 1',
    );
    expect(text).toContain('bookings_http_requests_in_flight 0');
  });

  it('reports that the process is shutting down', async () => {
    const other = await Stack.start({ MANAGEMENT_PORT: '0' });
    other.app.readiness.drain();
    const [ready, alive] = [await other.manage('/readyz'), await other.manage('/livez')];
    const { managementUrl } = other;
    await other.stop();
    expect([ready.status, alive.status]).toEqual([503, 200]);
    await expect(fetch(`${managementUrl}/livez`)).rejects.toThrow();
  });
});
