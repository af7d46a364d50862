import { createServer } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stack, customersPath } from '../stack.ts';
import { type OwnServer, answering } from './own-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** A hundred megabytes that look like a customer, in a hundred kilobytes. */
const BOMB = gzipSync(`{"id":"x","value":[],"x":"${'a'.repeat(100_000_000)}"}`);

let graph: OwnServer;
let thief: OwnServer;
let stack: Stack;
beforeAll(async () => {
  graph = await answering({});
  thief = await answering({ headers: JSON_TYPE, body: '{"id":"stolen","value":[]}' });
  stack = await Stack.start({
    GRAPH_BASE_URL: `${graph.url}/v1.0`,
    GRAPH_CREDENTIAL: 'access-token',
    GRAPH_ACCESS_TOKEN: 'x',
    GRAPH_ATTEMPT_TIMEOUT_MS: '1000',
    GRAPH_DEADLINE_MS: '2500',
  });
});
afterAll(async () => {
  await stack.stop();
  await graph.stop();
  await thief.stop();
});

const OPERATIONS: readonly (readonly [string, string, string?])[] = [
  ['POST', '', '{"displayName":"x"}'],
  ['GET', ''],
  ['GET', '/$count'],
  ['GET', '/id'],
  ['PATCH', '/id', '{"displayName":"x"}'],
];
const asked = (method: string, path: string, body?: string) =>
  stack.ask(method, `${customersPath()}${path}`, {
    headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
    ...(body !== undefined && { body }),
  });

describe.each(OPERATIONS)('what answers %s %s', (method, path, sent) => {
  const type = path === '/$count' ? 'text/plain' : 'application/json';

  it.each(['gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'gzip, gzip'])(
    'is refused when it is compressed: %s',
    async (encoding) => {
      // Readable as well: it is the word that counts.
      for (const body of [BOMB, path === '/$count' ? '7' : '{"id":"x","value":[]}']) {
        graph.answer({
          status: method === 'POST' ? 201 : 200,
          headers: { 'content-type': type, 'content-encoding': encoding },
          body,
        });
        const answer = await asked(method, path, sent);
        expect([answer.status, answer.error['code']]).toEqual([502, 'BadGateway']);
        expect(answer.headers.get('content-encoding')).toBeNull();
      }
    },
  );

  it('is refused when it is compressed and does not say so', async () => {
    graph.answer({ status: method === 'POST' ? 201 : 200, headers: JSON_TYPE, body: BOMB });
    expect((await asked(method, path, sent)).status).toBe(502);
  });

  it.each([301, 302, 303, 307, 308])('is not looked for elsewhere after %i', async (status) => {
    graph.answer({ status, headers: { ...JSON_TYPE, location: `${thief.url}/v1.0` } });
    const answer = await asked(method, path, sent);
    expect([answer.status, answer.headers.get('location')]).toEqual([502, null]);
    expect(thief.asked).toEqual([]);
  });
});

describe('Graph', () => {
  it('is never asked for a compressed answer, whatever the caller accepts', async () => {
    graph.asked.length = 0;
    for (const [method, path, body] of OPERATIONS) await asked(method, path, body);
    expect(graph.asked.map(({ headers }) => headers['accept-encoding'])).toEqual(
      OPERATIONS.map(() => undefined),
    );
  });

  it.each(['@odata.nextLink', '@odata.deltaLink'])(
    'is not left for another host by a page with its %s there',
    async (name) => {
      const link = `${thief.url}/v1.0/solutions/bookingBusinesses/b/customers?$skiptoken=x`;
      const body = JSON.stringify({ value: [], [name]: link });
      graph.answer({ headers: JSON_TYPE, body });
      const answer = await asked('GET', '');
      expect([answer.status, answer.text.includes(thief.url)]).toEqual([502, false]);
      expect(thief.asked).toEqual([]);
    },
  );

  it('is refused when its headers are larger than 16 KiB', async () => {
    graph.answer({ headers: { ...JSON_TYPE, x: 'y'.repeat(100_000) }, body: '{"value":[]}' });
    expect((await asked('GET', '')).status).toBe(502);
  });

  it.each<[string, string]>([
    ['headers', 'HTTP/1.1 200 OK\r\n'],
    ['provisional answers', ''],
  ])('does not keep a caller waiting with endless %s', async (_title, start) => {
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
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const other = await Stack.start({
      GRAPH_BASE_URL: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: 'x',
      GRAPH_ATTEMPT_TIMEOUT_MS: '200',
      GRAPH_DEADLINE_MS: '500',
    });
    const answer = await other.create();
    await other.stop();
    server.close();
    expect([answer.status, answer.innerError['outcome']]).toEqual([504, 'unknown']);
  });
});

describe('the token endpoint', () => {
  it.each<[string, number, string]>([
    ['a redirect', 307, ''],
    ['more than 64 KiB', 200, ' '.repeat(65_537)],
    ['no JSON', 200, '<html></html>'],
    ['something compressed', 200, 'x'],
  ])('is not believed with %s', async (title, status, body) => {
    const endpoint = await answering({
      status,
      headers: {
        ...JSON_TYPE,
        ...(status === 307 && { location: thief.url }),
        ...(title.includes('compressed') && { 'content-encoding': 'gzip' }),
      },
      body: title.includes('compressed') ? BOMB : body,
    });
    const other = await Stack.start({ AZURE_AUTHORITY_HOST: endpoint.url });
    const answer = await other.create();
    await other.stop();
    await endpoint.stop();
    expect([answer.status, answer.innerError['outcome']]).toEqual([502, 'not-sent']);
    expect(thief.asked).toEqual([]);
  });
});
