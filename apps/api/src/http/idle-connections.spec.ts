import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type Socket, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IdleConnections } from './idle-connections.ts';
import { PipelineQueue } from './pipeline-queue.ts';

const LIMIT = 20;
/** With more connections than this, a new one closes an idle one. */
const NEAR = 18;
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

let server: Server;
let port: number;
const sockets: Socket[] = [];

/** @param newMs how long a connection counts as new */
async function listen(newMs: number): Promise<void> {
  const connections = new IdleConnections(newMs);
  server = createServer(
    new PipelineQueue((_request, response) => response.end(), connections).accept,
  );
  server.maxConnections = LIMIT;
  connections.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
}

beforeEach(() => listen(0));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

/** An accepted connection that has sent no request. */
async function unused(localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
  return socket;
}

/** A connection that has received a response. */
async function idle(localAddress?: string): Promise<Socket> {
  return use(await unused(localAddress));
}

async function use(socket: Socket): Promise<Socket> {
  socket.write(REQUEST);
  await once(socket, 'data');
  return socket;
}

/** The index of the candidate that is closed first. */
function firstClosed(candidates: readonly Socket[]): Promise<number> {
  return Promise.race(
    candidates.map(
      (socket, index) =>
        new Promise<number>((resolve) => {
          socket.resume().once('close', () => {
            resolve(index);
          });
        }),
    ),
  );
}

async function several(count: number, open: () => Promise<Socket>): Promise<Socket[]> {
  const opened: Socket[] = [];
  while (opened.length < count) opened.push(await open());
  return opened;
}

describe('near the connection limit, a new connection closes', () => {
  it('the oldest connection that never sent a request', async () => {
    const candidates = [await idle(), ...(await several(NEAR - 1, unused))];
    const closed = firstClosed(candidates);
    await idle();
    expect(await closed).toBe(1);
  });

  it('a connection that has sent half a request', async () => {
    const candidates = await several(NEAR - 1, idle);
    const slow = await unused();
    slow.write(REQUEST.slice(0, -2));
    const closed = firstClosed([...candidates, slow]);
    await idle();
    expect(await closed).toBe(NEAR - 1);
  });

  it('the longest idle connection of the address with most connections', async () => {
    const other = await idle('127.0.0.2');
    const many = await several(NEAR - 1, idle);
    // Used again, the first is no longer the longest idle.
    if (many[0]) await use(many[0]);
    const closed = firstClosed([...many, other]);
    await unused('127.0.0.3');
    expect(await closed).toBe(1);
  });

  it('an idle connection rather than a new one', async () => {
    server.close();
    await once(server, 'close');
    await listen(60_000);
    const longest = await idle();
    const fresh = await several(NEAR - 1, unused);
    const closed = firstClosed([...fresh, longest]);
    await unused();
    expect(await closed).toBe(NEAR - 1);
  });

  it('no connection below the limit', async () => {
    const candidates = await several(NEAR, unused);
    for (const socket of candidates) await use(socket);
    expect(candidates.filter(({ destroyed }) => destroyed)).toEqual([]);
  });
});
