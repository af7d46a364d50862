import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { customersPath } from '../documented.ts';
import { Stack, useFreshStack } from '../stack.ts';
import { readAll, headLines, open, statuses } from './raw-client.ts';
import { ReplyServer, graphAt } from './reply-server.ts';

const PATH = customersPath();
const LIVEZ = 'GET /livez HTTP/1.1\r\nHost: x\r\n';

const stack = useFreshStack();

/** Sends `start` and then `drop` repeatedly until the connection is closed. */
async function drip(start: string, drop: string): Promise<string> {
  const socket = await open(stack.url, start);
  const more = setInterval(() => socket.write(drop), 50);
  const response = await readAll(socket);
  clearInterval(more);
  return response;
}

/** Makes the timeouts of the server a hundred times shorter. */
function shortenTimeouts(): void {
  const { server } = stack.app.fastify;
  server.headersTimeout /= 100;
  server.requestTimeout /= 100;
}

describe('the server', () => {
  it('has a timeout of 30 s for requests and a limit of connections', () => {
    const { headersTimeout, requestTimeout, maxConnections } = stack.app.fastify.server;
    expect({ headersTimeout, requestTimeout, maxConnections }).toEqual({
      headersTimeout: 30_000,
      requestTimeout: 30_000,
      maxConnections: 4096,
    });
  });

  it.each<[string, () => Promise<[string, string]>]>([
    ['nothing', () => Promise.resolve(['', ''])],
    ['a request line', () => Promise.resolve(['GET /', 'x'])],
    ['headers', () => Promise.resolve([LIVEZ, 'x: y\r\n'])],
    ['one header', () => Promise.resolve([`${LIVEZ}X: `, 'y'])],
    [
      'a body that is not expected',
      () => Promise.resolve([`${LIVEZ}Content-Length: 9999\r\n\r\n`, 'x']),
    ],
    [
      'a body',
      async () => [
        `${(await headLines(stack, PATH, 'Content-Length: 9999')).join('\r\n')}\r\n\r\n`,
        'x',
      ],
    ],
    [
      'chunks',
      async () => [
        `${(await headLines(stack, PATH, 'Transfer-Encoding: chunked')).join('\r\n')}\r\n\r\n`,
        '1\r\n \r\n',
      ],
    ],
  ])('closes a connection with a slow client that sends %s', async (_title, sent) => {
    shortenTimeouts();
    const [start, drop] = await sent();
    const response = await drip(start, drop);
    expect(statuses(response).at(-1)).toBe(408);
    expect(response).toContain('"code":"RequestTimeout"');
    expect(stack.graphRequests).toBe(0);
  });

  it.each([
    ['Content-Length: 9999', 'x', 408, 'RequestTimeout'],
    ['Transfer-Encoding: chunked', 'zz\r\n', 400, 'BadRequest'],
  ])(
    'names a request whose body it could not read in the response and the log: %s',
    async (field, rest, status, code) => {
      shortenTimeouts();
      const id = randomUUID();
      const lines = await headLines(stack, PATH, field, `client-request-id: ${id}`);
      const response = await drip(`${lines.join('\r\n')}\r\n\r\n`, rest);
      expect(statuses(response)).toEqual([status]);
      expect(response).toContain(`client-request-id: ${id}\r\n`);
      const [, requestId] = /^request-id: (.*)\r$/m.exec(response) ?? [];
      expect(await stack.lineWith('bookings.client_request_id', id)).toMatchObject({
        'http.request.id': requestId,
        'http.response.status_code': status,
        'error.code': code,
      });
    },
  );

  it('closes a connection whose client does not read the response', async () => {
    // More than the socket buffers of both sides can hold.
    const page = JSON.stringify({ value: [], x: 'x'.repeat(7_900_000) });
    const headers = { 'content-type': 'application/json' };
    const graph = await ReplyServer.start({ headers, body: page });
    const other = await Stack.start(graphAt(graph.url));
    other.app.fastify.server.requestTimeout = 300;
    const id = '11111111-1111-4111-8111-111111111111';
    const [, ...fields] = await headLines(other, PATH, `client-request-id: ${id}`);
    const request = [`GET ${PATH} HTTP/1.1`, ...fields, '', ''].join('\r\n');
    const socket = await open(other.url, request.repeat(3));
    socket.pause();
    expect(await other.lineWith('bookings.client_request_id', id)).toMatchObject({
      'http.response.status_code': 499,
    });
    socket.destroy();
    // A client that reads gets the response. A busy machine may need more time for it.
    other.app.fastify.server.requestTimeout = 10_000;
    expect((await other.request('GET', customersPath())).text).toBe(page);
  });
});
