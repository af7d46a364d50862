import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { customersPath } from '../documented.ts';
import { close, listen } from '../local-server.ts';
import { Stack, useStack } from '../stack.ts';
import { ReplyServer, graphAt } from './reply-server.ts';
import { onTeardown } from '../teardown.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** A compressed customer that expands from 100 kB to 100 MB. */
const BOMB = gzipSync(`{"id":"x","value":[],"x":"${'a'.repeat(100_000_000)}"}`);

let graph: ReplyServer;
let thief: ReplyServer;
const stack = useStack(async () => {
  graph = await ReplyServer.start();
  thief = await ReplyServer.start({ headers: JSON_TYPE, body: '{"id":"stolen","value":[]}' });
  return graphAt(`${graph.url}/v1.0`);
});

const OPERATIONS: readonly (readonly [string, string, string?])[] = [
  ['POST', '', '{"displayName":"x"}'],
  ['GET', ''],
  ['GET', '/$count'],
  ['GET', '/id'],
  ['PATCH', '/id', '{"displayName":"x"}'],
];
const send = (method: string, path: string, body?: string) =>
  stack.request(method, `${customersPath()}${path}`, {
    headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
    ...(body !== undefined && { body }),
  });

describe.each(OPERATIONS)('the response to %s %s', (method, path, sent) => {
  const type = path === '/$count' ? 'text/plain' : 'application/json';

  it.each(['gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'gzip, gzip'])(
    'is refused when it is compressed: %s',
    async (encoding) => {
      // The header is refused even if the body is not compressed.
      for (const body of [BOMB, path === '/$count' ? '7' : '{"id":"x","value":[]}']) {
        graph.reply = {
          status: method === 'POST' ? 201 : 200,
          headers: { 'content-type': type, 'content-encoding': encoding },
          body,
        };
        const response = await send(method, path, sent);
        expect([response.status, response.error['code']]).toEqual([502, 'BadGateway']);
        expect(response.headers.get('content-encoding')).toBeNull();
      }
    },
  );

  it('is refused when it is compressed and does not say so', async () => {
    graph.reply = { status: method === 'POST' ? 201 : 200, headers: JSON_TYPE, body: BOMB };
    expect((await send(method, path, sent)).status).toBe(502);
  });

  it.each([301, 302, 303, 307, 308])(
    'is not fetched from another address after %i',
    async (status) => {
      graph.reply = { status, headers: { ...JSON_TYPE, location: `${thief.url}/v1.0` } };
      const response = await send(method, path, sent);
      expect([response.status, response.headers.get('location')]).toEqual([502, null]);
      expect(thief.requests).toEqual([]);
    },
  );
});

describe('Graph', () => {
  it('is never asked for a compressed response', async () => {
    graph.requests.length = 0;
    for (const [method, path, body] of OPERATIONS) await send(method, path, body);
    expect(graph.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(
      OPERATIONS.map(() => undefined),
    );
  });

  it.each(['@odata.nextLink', '@odata.deltaLink'])(
    'cannot redirect the proxy to another host with %s',
    async (name) => {
      const link = `${thief.url}/v1.0/solutions/bookingBusinesses/b/customers?$skiptoken=x`;
      const body = JSON.stringify({ value: [], [name]: link });
      graph.reply = { headers: JSON_TYPE, body };
      const response = await send('GET', '');
      expect([response.status, response.text.includes(thief.url)]).toEqual([502, false]);
      expect(thief.requests).toEqual([]);
    },
  );

  it('causes 502 when its headers exceed 16 KiB', async () => {
    graph.reply = { headers: { ...JSON_TYPE, x: 'y'.repeat(100_000) }, body: '{"value":[]}' };
    expect((await send('GET', '')).status).toBe(502);
  });

  it.each<[string, string]>([
    ['headers', 'HTTP/1.1 200 OK\r\n'],
    ['informational responses', ''],
  ])('cannot keep a client waiting with endless %s', async (_title, start) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(start);
        const more = setInterval(
          () => socket.write(start === '' ? 'HTTP/1.1 102 Processing\r\n\r\n' : 'x: y\r\n'),
          10,
        );
        socket.once('close', () => {
          clearInterval(more);
        });
      });
    });
    const port = await listen(server);
    onTeardown(() => close(server));
    const other = await Stack.start({
      ...graphAt(`http://127.0.0.1:${port}`),
      GRAPH_ATTEMPT_TIMEOUT_MS: '2000',
    });
    const response = await other.create();
    await other.stop();
    expect([response.status, response.innerError['outcome']]).toEqual([504, 'unknown']);
  });
});

describe('the token endpoint', () => {
  it.each<[string, number, string]>([
    ['a redirect', 307, ''],
    ['more than 64 KiB', 200, ' '.repeat(65_537)],
    ['a body that is not JSON', 200, '<html></html>'],
    ['a compressed body', 200, 'x'],
  ])('is not trusted when it responds with %s', async (title, status, body) => {
    const endpoint = await ReplyServer.start({
      status,
      headers: {
        ...JSON_TYPE,
        ...(status === 307 && { location: thief.url }),
        ...(title.includes('compressed') && { 'content-encoding': 'gzip' }),
      },
      body: title.includes('compressed') ? BOMB : body,
    });
    const other = await Stack.start({ AZURE_AUTHORITY_HOST: endpoint.url });
    const response = await other.create();
    await other.stop();
    expect([response.status, response.innerError['outcome']]).toEqual([502, 'not-sent']);
    expect(thief.requests).toEqual([]);
  });
});
