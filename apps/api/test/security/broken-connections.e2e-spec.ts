import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { BUSINESS, CREATE_PERMISSION, DOCUMENTED_REQUEST, customersPath } from '../stack.ts';
import { DIST, type ProxyProcess, startProxy } from './proxy-process.ts';
import { allOf, open, statuses } from './raw-caller.ts';

let fake: GraphFake;
let proxy: ProxyProcess;
let token: string;
beforeAll(async () => {
  fake = await GraphFake.start();
  const main = `${DIST}/main.js`;
  proxy = await startProxy([process.execPath, main], proxyEnvironment(fake));
  token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
});
afterAll(async () => {
  await proxy.stop();
  await fake.close();
});

const create = (more = '') =>
  [
    `POST ${customersPath()} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(DOCUMENTED_REQUEST)}`,
    `${more}Connection: close`,
    '',
    DOCUMENTED_REQUEST,
  ].join('\r\n');

async function createdStatus(): Promise<number> {
  const { status } = await fetch(`${proxy.url}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: DOCUMENTED_REQUEST,
  });
  return status;
}

/** The gauge of requests in flight, as soon as it counts its own request alone. */
async function settledInFlight(): Promise<number> {
  for (;;) {
    const text = await (await fetch(`${proxy.url}/metrics`)).text();
    const value = Number(/^bookings_http_requests_in_flight (\d+)$/m.exec(text)?.[1]);
    if (value === 1) return value;
  }
}

const REQUESTS: readonly (readonly [string, () => string])[] = [
  ['CONNECT', () => 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['CONNECT with bytes behind it', () => 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\nGET / HT'],
  ['an upgrade', () => create('Upgrade: websocket\r\n').replace('close', 'Upgrade, close')],
  ['an expectation', () => create('Expect: 100-continue\r\n')],
  ['a create', () => create()],
  ['two creates', () => create().replace('Connection: close\r\n', '') + create()],
  ['a create and CONNECT', () => `${create()}CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['a list', () => create().replace('POST', 'GET')],
  ['garbage', () => 'garbage\r\n\r\n'],
];

/** Breaks off after `text`: at once, or after the first byte of an answer; with RST or with FIN. */
async function breakOff(text: string, how: 'reset' | 'end', when: 'at once' | 'at an answer') {
  const socket = await open(proxy.url, text);
  const closed = once(socket, 'close');
  if (when === 'at an answer') await Promise.race([once(socket, 'data'), closed]);
  if (how === 'reset') socket.resetAndDestroy();
  else socket.end().resume();
  await closed;
}

describe('a peer that breaks off', () => {
  it.each(REQUESTS)('ends no other request and no process: %s', async (_title, request) => {
    const text = request();
    const others = Array.from({ length: 5 }, createdStatus);
    const cuts = [1, text.indexOf('\r\n'), text.indexOf('\r\n\r\n') + 2, text.length - 1];
    for (const length of [...cuts, text.length]) {
      const part = text.slice(0, length);
      await Promise.all([
        breakOff(part, 'reset', 'at once'),
        breakOff(part, 'end', 'at once'),
        // What is complete gets an answer; of the rest only the first line is one already.
        ...(length === text.length
          ? [breakOff(part, 'reset', 'at an answer'), breakOff(part, 'end', 'at an answer')]
          : []),
      ]);
    }
    expect(await Promise.all(others)).toEqual([201, 201, 201, 201, 201]);
    expect(await settledInFlight()).toBe(1);
    expect(proxy.child.exitCode).toBeNull();
  });
});

describe('CONNECT behind a create', () => {
  it('is not taken for its answer', async () => {
    const customers = () => fake.customers(BUSINESS).length;
    const before = customers();
    fake.script([{ kind: 'delay', delayMs: 100 }]);
    const keepAlive = create().replace('Connection: close\r\n', '');
    const socket = await open(proxy.url, `${keepAlive}CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(statuses(await allOf(socket))).toEqual([201]);
    expect(customers()).toBe(before + 1);
  });
});

describe('signals', () => {
  it.each<NodeJS.Signals>(['SIGUSR1', 'SIGUSR2'])('%s ends nothing', async (signal) => {
    proxy.child.kill(signal);
    expect(await createdStatus()).toBe(201);
    expect(proxy.output()).not.toContain('Debugger');
    expect(proxy.child.exitCode).toBeNull();
  });

  it('SIGHUP drains, as SIGTERM does', async () => {
    const other = await startProxy([process.execPath, `${DIST}/main.js`], proxyEnvironment(fake));
    const seen = fake.requests().requests.length;
    fake.script([{ kind: 'delay', delayMs: 200 }]);
    const running = fetch(`${other.url}${customersPath()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: DOCUMENTED_REQUEST,
    });
    await fake.arrived(seen + 1);
    const exit = once(other.child, 'exit');
    other.child.kill('SIGHUP');
    expect((await running).status).toBe(201);
    expect(await exit).toEqual([0, null]);
  });
});
