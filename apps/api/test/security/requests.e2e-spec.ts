import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { BUSINESS, customersPath } from '../documented.ts';
import { useStack } from '../stack.ts';
import { TcpRelay } from '../tcp-relay.ts';
import { BUSINESSES as root, createLines, errorIn, open, send } from './raw-client.ts';

const relay = new TcpRelay();
const stack = useStack((fake) => relay.graphSettings(fake), { businesses: ['*'] });

const authorized = async (path: string) =>
  send(stack.url, ...(await createLines(stack, path, 'Connection: close')));

describe('an invalid request', () => {
  it.each<[string, string[], number, string]>([
    ['bytes that are not HTTP', ['hello', '', ''], 400, 'BadRequest'],
    [
      'headers over 16 KiB',
      ['GET /livez HTTP/1.1', 'Host: x', `X: ${'y'.repeat(20_000)}`, '', ''],
      431,
      'RequestHeaderFieldsTooLarge',
    ],
    ['no Host', ['GET /livez HTTP/1.1', 'Connection: close', '', ''], 400, 'BadRequest'],
    [
      'an invalid Host',
      ['GET /livez HTTP/1.1', 'Host: a"b<c>', 'Connection: close', '', ''],
      400,
      'BadRequest',
    ],
    [
      'two lengths',
      ['POST /livez HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2', '', 'ab'],
      400,
      'BadRequest',
    ],
    [
      'a length and chunks',
      [
        'POST /livez HTTP/1.1',
        'Host: x',
        'Content-Length: 1',
        'Transfer-Encoding: chunked',
        '',
        '0',
        '',
        '',
      ],
      400,
      'BadRequest',
    ],
    [
      'a path that cannot be decoded',
      ['GET /%zz HTTP/1.1', 'Host: x', 'Connection: close', '', ''],
      400,
      'BadRequest',
    ],
  ])("is answered in Graph's shape: %s", async (_title, lines, status, code) => {
    const response = await send(stack.url, ...lines);
    expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(response).toMatch(/\r\ncontent-type: application\/json\r\n/i);
    expect(response).toMatch(/\r\nrequest-id: [0-9a-f-]{36}\r\n/i);
    expect(errorIn(response)).toMatchObject({ code, innerError: { origin: 'proxy' } });
  });
});

describe('data after a create that is in progress', () => {
  it.each<[string, string]>([
    ['garbage', 'garbage\r\n\r\n'],
    ['headers over 16 KiB', `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
  ])('does not change the response to the create: %s', async (_title, behind) => {
    relay.hold();
    const socket = await open(stack.url, (await createLines(stack, customersPath())).join('\r\n'));
    await stack.fake.arrived(1);
    socket.write(behind);
    // A later response shows that the proxy has read what was sent before.
    await stack.get('/livez');
    relay.release();
    const response = await text(socket);
    expect(response).toMatch(/^HTTP\/1\.1 201 /);
    expect(response.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect([stack.graphRequests, stack.fake.customers(BUSINESS).length]).toEqual([1, 1]);
  });

  it("is answered in Graph's shape when no request is in progress", async () => {
    const socket = await open(stack.url, 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.write('garbage\r\n\r\n');
    const response = await text(socket);
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
    expect(errorIn(response)['code']).toBe('BadRequest');
  });
});

describe('requests that Node handles by default', () => {
  it('CONNECT is answered with 405', async () => {
    const response = await send(stack.url, 'CONNECT a:443 HTTP/1.1', 'Host: x', '', '');
    expect(response).toMatch(/^HTTP\/1\.1 405 /);
    expect(response).toMatch(/\r\nAllow: ?\r\n/);
    expect(errorIn(response)['code']).toBe('Request_BadRequest');
  });

  it('an unknown expectation is ignored', async () => {
    expect(
      await send(
        stack.url,
        'GET /livez HTTP/1.1',
        'Host: x',
        'Expect: something',
        'Connection: close',
        '',
        '',
      ),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('the absolute form of a target is accepted', async () => {
    const path = customersPath();
    expect(await authorized(`http://x${path.toLowerCase()}`)).toMatch(/^HTTP\/1\.1 201 /);
    expect(
      await send(stack.url, `GET http://x${path} HTTP/1.1`, 'Host: x', 'Connection: close', '', ''),
    ).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['Host: y', 'Content-Type: text/plain'])('a second %s is refused', async (field) => {
    const lines = await createLines(stack, customersPath(), field, 'Connection: close');
    expect(await send(stack.url, ...lines)).toMatch(/^HTTP\/1\.1 400 /);
    expect(stack.graphRequests).toBe(0);
  });
});

describe('the body of a request for an unknown resource', () => {
  it.each<[string, string, string, number]>([
    ['POST', '/nope', 'text/plain', 404],
    ['PUT', `${root}/x/customers`, 'text/plain', 405],
    ['DELETE', `${root}/x/customers`, 'application/json', 405],
    ['QUERY', `${root}/x/customers`, 'application/json', 405],
    ['POST', '/livez', ';', 405],
  ])('is not read: %s %s', async (method, path, type, status) => {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      'Host: x',
      `Content-Type: ${type}`,
      'Connection: close',
    ];
    const response = await send(stack.url, ...lines, 'Content-Length: 300000', '', 'abc');
    expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});
