import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, Stack, customersPath } from '../stack.ts';
import { answering } from './own-server.ts';
import { BUSINESSES, allOf, headLines, open, statuses } from './raw-caller.ts';

const PATH = `${BUSINESSES}/${BUSINESS}/customers`;
const LIVEZ = 'GET /livez HTTP/1.1\r\nHost: x\r\n';

let stack: Stack;
const sockets: Socket[] = [];
/** Of what one test has started besides. */
const stops: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  stack = await Stack.start();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const stop of stops.splice(0)) await stop();
  await stack.stop();
});

/** Sends `start` and then one of `drops` again and again, until the connection is closed. */
async function drip(start: string, drop: string): Promise<string> {
  const socket = await open(stack.url, start);
  const more = setInterval(() => socket.write(drop), 50);
  const answer = await allOf(socket);
  clearInterval(more);
  return answer;
}

/** Makes the server a hundred times as impatient as it is. */
function hurry(): void {
  const { server } = stack.app.fastify;
  server.headersTimeout /= 100;
  server.requestTimeout /= 100;
}

describe('the server', () => {
  it('waits 30 s for a request and has a limit for connections', () => {
    const { headersTimeout, requestTimeout, maxConnections } = stack.app.fastify.server;
    expect({ headersTimeout, requestTimeout, maxConnections }).toEqual({
      headersTimeout: 30_000,
      requestTimeout: 30_000,
      maxConnections: 4096,
    });
  });

  it.each<[string, () => Promise<[string, string]>]>([
    ['nothing at all', () => Promise.resolve(['', ''])],
    ['a request line', () => Promise.resolve(['GET /', 'x'])],
    ['headers', () => Promise.resolve([LIVEZ, 'x: y\r\n'])],
    ['one header', () => Promise.resolve([`${LIVEZ}X: `, 'y'])],
    [
      'a body that is not wanted',
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
  ])('closes a connection over which there drips %s', async (_title, sent) => {
    hurry();
    const [start, drop] = await sent();
    const answer = await drip(start, drop);
    expect(statuses(answer).at(-1)).toBe(408);
    expect(answer).toContain('"code":"RequestTimeout"');
    expect(stack.seen).toBe(0);
  });

  it('closes a connection whose caller does not take its answer', async () => {
    // More than the kernels on both sides hold for a reader that stands still.
    const page = JSON.stringify({ value: [], x: 'x'.repeat(7_900_000) });
    const graph = await answering({ headers: { 'content-type': 'application/json' }, body: page });
    stops.push(() => graph.stop());
    const other = await Stack.start({
      GRAPH_BASE_URL: graph.url,
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: 'x',
    });
    stops.unshift(() => other.stop());
    other.app.fastify.server.requestTimeout = 300;
    const id = '11111111-1111-4111-8111-111111111111';
    const [, ...fields] = await headLines(other, PATH, `client-request-id: ${id}`);
    const request = [`GET ${PATH} HTTP/1.1`, ...fields, '', ''].join('\r\n');
    const socket = await open(other.url, request.repeat(3));
    sockets.push(socket.pause());
    expect(await other.lineWith('clientRequestId', id)).toMatchObject({ status: 499 });
    // Who takes it in time gets it; a busy machine may need more of that.
    other.app.fastify.server.requestTimeout = 10_000;
    expect((await other.ask('GET', customersPath())).text).toBe(page);
  });
});
