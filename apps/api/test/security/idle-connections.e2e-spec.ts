import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENTED_REQUEST, Stack, customersPath } from '../stack.ts';
import { allOf, createLines, open, send, statuses } from './raw-caller.ts';

/** A small limit, so that a test need not open thousands of connections. */
const LIMIT = 20;
const LIVEZ = ['GET /livez HTTP/1.1', 'Host: x', 'Connection: close', '', ''];

let stack: Stack;
const sockets: Socket[] = [];
beforeEach(async () => {
  stack = await Stack.start({ MAILBOX_CONCURRENCY: '100' });
  stack.app.fastify.server.maxConnections = LIMIT;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await stack.stop();
});

describe('the limit of connections', () => {
  it('refuses the next one while each has a request under way, and closes none of them', async () => {
    stack.fake.script([{ kind: 'delay', delayMs: 3000, times: LIMIT }]);
    const lines = (await createLines(stack, customersPath(), 'Connection: close')).join('\r\n');
    const creates: Promise<string>[] = [];
    for (let count = 1; count <= LIMIT; count += 1) {
      creates.push(allOf(await open(stack.url, lines)));
      await stack.fake.arrived(count);
    }
    expect(await send(stack.url, ...LIVEZ)).toBe('');
    expect((await Promise.all(creates)).flatMap(statuses)).toEqual(Array(LIMIT).fill(201));
    // The server hears of closed connections when it does.
    let answer = '';
    while (answer === '') answer = await send(stack.url, ...LIVEZ);
    expect(statuses(answer)).toEqual([200]);
  });

  it('shuts no one out who comes after a flood of connections without a request', async () => {
    for (let count = 0; count < 5 * LIMIT; count += 1) sockets.push(await open(stack.url));
    for (let count = 0; count < 5; count += 1) {
      const answer = await stack.ask('POST', customersPath(), { body: DOCUMENTED_REQUEST });
      expect(answer.status).toBe(201);
    }
  });
});
