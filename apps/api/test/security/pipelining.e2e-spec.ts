import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { CREATE_PERMISSION, DOCUMENTED_REQUEST, Stack, customersPath } from '../stack.ts';
import { DIST, startProxy } from './proxy-process.ts';
import { allOf, open, send, statuses } from './raw-caller.ts';

const MEBIBYTE = 1_048_576;

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await Stack.start();
  token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
});
afterAll(async () => {
  await stack.stop();
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

describe('requests on one connection, sent without waiting for answers', () => {
  it('are served one at a time, in their order', async () => {
    stack.fake.forget();
    const creates = post(customersPath(), DOCUMENTED_REQUEST).repeat(20);
    const answers = await send(stack.url, get('/permissions') + creates + get('/nope') + LAST);
    expect(statuses(answers)).toEqual([200, ...Array<number>(20).fill(201), 404, 200]);
    expect(Object.values(stack.fake.requests().peakByMailbox)).toEqual([1]);
  });

  it('do not run together at Graph', async () => {
    stack.fake.forget();
    stack.fake.script([{ kind: 'delay', delayMs: 20, times: 3 }]);
    const socket = await open(stack.url, post(customersPath(), DOCUMENTED_REQUEST).repeat(3));
    await stack.fake.arrived(1);
    expect(stack.app.inFlight.count).toBe(1);
    socket.write(LAST);
    expect(statuses(await allOf(socket))).toEqual([201, 201, 201, 200]);
  });

  it('are not served after the caller has left', async () => {
    stack.fake.forget();
    stack.fake.script([{ kind: 'delay', delayMs: 50 }]);
    const socket = await open(stack.url, post(customersPath(), DOCUMENTED_REQUEST).repeat(50));
    await stack.fake.arrived(1);
    const closed = once(socket, 'close');
    socket.resetAndDestroy();
    await closed;
    await stack.app.whenIdle();
    expect((await stack.ask('GET', '/livez')).status).toBe(200);
    expect(stack.seen).toBe(1);
  });
});

/** Bytes of memory that a process has used at most since `forgetPeak`. */
function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

describe('a caller that reads no answer', () => {
  const rows: readonly (readonly [string, number, () => string])[] = [
    ['the script of the page', 1000, () => get('/docs/swagger-ui-bundle.js')],
    ['metrics', 1700, () => 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['the document', 1000, () => get('/openapi.json')],
    ['lists', 500, () => get(customersPath())],
    ['bodies that break many rules', 500, () => post(customersPath(), manyRules())],
  ];

  it.each(rows)('takes a bounded amount of memory: %s', async (_title, count, request) => {
    const fake = await GraphFake.start();
    const proxy = await startProxy([process.execPath, `${DIST}/main.js`], proxyEnvironment(fake));
    token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
    const page = { value: Array.from({ length: 2000 }, (_, id) => ({ id: `${id}`.repeat(100) })) };
    fake.script([{ kind: 'status', status: 200, body: page, times: count }]);
    for (let warm = 0; warm < 5; warm += 1) await (await fetch(`${proxy.url}/metrics`)).text();
    const before = peakBytes(proxy.child.pid ?? 0);
    const socket: Socket = (await open(proxy.url, request().repeat(count))).pause();
    // Other callers are served meanwhile.
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await fetch(`${proxy.url}/livez`)).status).toBe(200);
    }
    await untilStill(proxy.url);
    expect(peakBytes(proxy.child.pid ?? 0) - before).toBeLessThan(150 * MEBIBYTE);
    socket.destroy();
    expect(await proxy.stop()).toEqual([0, null]);
    await fake.close();
  });
});

describe('callers that send requests without end', () => {
  it.each<[string, boolean, string]>([
    ['and read the answers', true, 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['and read none', false, 'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('neither fill the memory nor shut others out: %s', async (_title, reads, request) => {
    const fake = await GraphFake.start();
    const proxy = await startProxy([process.execPath, `${DIST}/main.js`], proxyEnvironment(fake));
    await (await fetch(`${proxy.url}/metrics`)).text();
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
      expect((await fetch(`${proxy.url}/livez`)).status).toBe(200);
    }
    await Promise.all(floods);
    expect(peakBytes(proxy.child.pid ?? 0) - before).toBeLessThan(150 * MEBIBYTE);
    expect(await proxy.stop()).toEqual([0, null]);
    await fake.close();
  });
});

/** Resolves when the socket takes more, or is closed. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['drain', 'close']) socket.once(event, resolve);
    if (socket.closed) resolve();
  });
}

/** A body of some 60 kB with thousands of names that no customer has. */
function manyRules(): string {
  return JSON.stringify(
    Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, 0])),
  );
}

/** Resolves when the process serves no more of the pipelined requests than it did at the last look. */
async function untilStill(url: string): Promise<void> {
  let last = -1;
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const counts = [...text.matchAll(/^bookings_http_requests_total\{.*\} (\d+)$/gm)];
    const total = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    // Each look is a request of its own.
    if (total <= last + 1) return;
    last = total;
  }
}
