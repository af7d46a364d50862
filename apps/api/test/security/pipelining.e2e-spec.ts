import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CREATE_PERMISSION, customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { type ProxyProcess, useProxyProcess } from '../proxy-process.ts';
import { useStack } from '../stack.ts';
import { TcpRelay } from '../tcp-relay.ts';
import { readAll, open, send, statuses } from './raw-client.ts';

const MEBIBYTE = 1_048_576;

const relay = new TcpRelay();
const stack = useStack((fake) => relay.graphSettings(fake));
const launcher = useProxyProcess();
let token: string;
beforeEach(async () => {
  token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
});

const get = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
const post = (path: string, body: string) =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');

const LAST = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

describe('pipelined requests', () => {
  it('are served one at a time and in order', async () => {
    const creates = post(customersPath(), DOCUMENTED_REQUEST).repeat(20);
    const responses = await send(stack.url, get('/permissions') + creates + get('/nope') + LAST);
    expect(statuses(responses)).toEqual([200, ...Array<number>(20).fill(201), 404, 200]);
    expect(Object.values(stack.fake.requests().peakByMailbox)).toEqual([1]);
  });

  it('do not run concurrently at Graph', async () => {
    relay.hold();
    const socket = await open(stack.url, post(customersPath(), DOCUMENTED_REQUEST).repeat(3));
    await stack.fake.arrived(1);
    socket.write(LAST);
    // A later response shows that the proxy has read what was sent before.
    await stack.get('/livez');
    expect([stack.graphRequests, stack.app.inFlight.count]).toEqual([1, 1]);
    relay.release();
    expect(statuses(await readAll(socket))).toEqual([201, 201, 201, 200]);
  });

  it('are not served after the client has disconnected', async () => {
    relay.hold();
    const socket = await open(stack.url, post(customersPath(), DOCUMENTED_REQUEST).repeat(50));
    await stack.fake.arrived(1);
    const closed = once(socket, 'close');
    socket.resetAndDestroy();
    await closed;
    await stack.lineWith('http.response.status_code', 499);
    relay.release();
    await stack.app.whenIdle();
    expect((await stack.request('GET', '/livez')).status).toBe(200);
    expect(stack.graphRequests).toBe(1);
  });
});

/** Peak resident memory of a process. */
function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

describe('a client that does not read responses', () => {
  const rows: readonly (readonly [string, number, () => string])[] = [
    ['the script of the documentation page', 1000, () => get('/docs/swagger-ui-bundle.js')],
    ['metrics', 1700, () => 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['the OpenAPI document', 1000, () => get('/openapi.json')],
    ['lists', 500, () => get(customersPath())],
    ['bodies with many violations', 500, () => post(customersPath(), manyViolations())],
  ];

  it.each(rows)('uses a bounded amount of memory: %s', async (_title, count, request) => {
    const { fake } = launcher;
    const proxy = await launcher.start();
    token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
    const page = { value: Array.from({ length: 2000 }, (_, id) => ({ id: `${id}`.repeat(100) })) };
    fake.script([{ kind: 'status', status: 200, body: page, times: count }]);
    for (let warm = 0; warm < 5; warm += 1) await proxy.get('/metrics');
    const before = peakBytes(proxy.child.pid ?? 0);
    const socket: Socket = (await open(proxy.url, request().repeat(count))).pause();
    // Other clients are served meanwhile.
    for (let count = 0; count < 20; count += 1) {
      expect((await proxy.get('/livez')).status).toBe(200);
    }
    await waitUntilBlocked(proxy);
    expect(peakBytes(proxy.child.pid ?? 0) - before).toBeLessThan(150 * MEBIBYTE);
    socket.destroy();
    expect(await proxy.stop()).toEqual([0, null]);
  });
});

describe('clients that send requests without end', () => {
  it.each<[string, boolean, string]>([
    ['and read the responses', true, 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['and read none', false, 'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('neither exhaust memory nor block other clients: %s', async (_title, reads, request) => {
    const proxy = await launcher.start();
    await proxy.get('/metrics');
    const before = peakBytes(proxy.child.pid ?? 0);
    const chunk = request.repeat(2000);
    let sentBytes = 0;
    const flood = async () => {
      while (sentBytes < 20 * MEBIBYTE) {
        const socket = await open(proxy.url);
        if (reads) socket.resume();
        while (!socket.destroyed && sentBytes < 20 * MEBIBYTE) {
          sentBytes += chunk.length;
          const isTaken = socket.write(chunk);
          if (!isTaken) await drained(socket);
        }
        socket.destroy();
      }
    };
    const floods = Array.from({ length: 10 }, flood);
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await proxy.get('/livez')).status).toBe(200);
    }
    await Promise.all(floods);
    expect(peakBytes(proxy.child.pid ?? 0) - before).toBeLessThan(150 * MEBIBYTE);
    expect(await proxy.stop()).toEqual([0, null]);
  });
});

/** Resolves when the socket accepts more data or is closed. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['drain', 'close']) socket.once(event, resolve);
    if (socket.closed) resolve();
  });
}

/** A body of about 60 kB with thousands of unknown properties. */
function manyViolations(): string {
  return JSON.stringify(
    Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, 0])),
  );
}

/** Waits until the process serves no more of the pipelined requests. */
async function waitUntilBlocked(proxy: ProxyProcess): Promise<void> {
  let last = -1;
  for (;;) {
    const { text } = await proxy.get('/metrics');
    const counts = [...text.matchAll(/^bookings_http_requests_total\{.*\} (\d+)$/gm)];
    const total = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    // Reading the metrics counts as a request.
    if (total <= last + 1) return;
    last = total;
  }
}
