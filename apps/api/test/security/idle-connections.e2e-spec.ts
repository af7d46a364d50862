import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { useFreshStack } from '../stack.ts';
import { TcpRelay } from '../tcp-relay.ts';
import { readAll, createLines, open, send, statuses } from './raw-client.ts';

/** Small, so that tests need not open thousands of connections. */
const LIMIT = 20;
const LIVEZ = ['GET /livez HTTP/1.1', 'Host: x', 'Connection: close', '', ''];

let relay: TcpRelay;
const stack = useFreshStack(async (fake) => {
  relay = new TcpRelay();
  return { ...(await relay.graphSettings(fake)), MAILBOX_CONCURRENCY: '100' };
});
const sockets: Socket[] = [];
beforeEach(() => {
  stack.app.fastify.server.maxConnections = LIMIT;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

describe('the limit of connections', () => {
  it('refuses a new connection while all others have requests in progress', async () => {
    relay.hold();
    const lines = (await createLines(stack, customersPath(), 'Connection: close')).join('\r\n');
    const creates: Promise<string>[] = [];
    for (let count = 1; count <= LIMIT; count += 1) {
      creates.push(readAll(await open(stack.url, lines)));
      await stack.fake.arrived(count);
    }
    expect(await send(stack.url, ...LIVEZ)).toBe('');
    relay.release();
    expect((await Promise.all(creates)).flatMap(statuses)).toEqual(Array(LIMIT).fill(201));
    // The server notices closed connections with a delay.
    let response = '';
    while (response === '') response = await send(stack.url, ...LIVEZ);
    expect(statuses(response)).toEqual([200]);
  });

  it('does not lock out clients after a flood of idle connections', async () => {
    for (let count = 0; count < 5 * LIMIT; count += 1) sockets.push(await open(stack.url));
    for (let count = 0; count < 5; count += 1) {
      const response = await stack.request('POST', customersPath(), { body: DOCUMENTED_REQUEST });
      expect(response.status).toBe(201);
    }
  });
});
