import { once } from 'node:events';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { BUSINESS, CREATE_PERMISSION, customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { type ProxyProcess, useProxyProcess } from '../proxy-process.ts';
import { TcpRelay } from '../tcp-relay.ts';
import { readAll, open, statuses } from './raw-client.ts';

const launcher = useProxyProcess();
const relay = new TcpRelay();
let proxy: ProxyProcess;
let token: string;
beforeAll(async () => {
  const { fake } = launcher;
  proxy = await launcher.start(await relay.graphSettings(fake));
  token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
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

const createdStatus = async () => (await proxy.create()).status;

/** Waits until the metrics request is the only request in flight. */
async function waitUntilIdle(): Promise<void> {
  await proxy.metricIs('bookings_http_requests_in_flight', 1);
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

/** Sends `text` and disconnects with RST or FIN, at once or after the first byte of a response. */
async function disconnect(text: string, how: 'reset' | 'end', when: 'at once' | 'on response') {
  const socket = await open(proxy.url, text);
  const closed = once(socket, 'close');
  if (when === 'on response') await Promise.race([once(socket, 'data'), closed]);
  if (how === 'reset') socket.resetAndDestroy();
  else socket.end().resume();
  await closed;
}

describe('a client that disconnects', () => {
  it.each(REQUESTS)(
    'does not affect other requests or the process: %s',
    async (_title, request) => {
      const text = request();
      const others = Array.from({ length: 5 }, createdStatus);
      const cuts = [1, text.indexOf('\r\n'), text.indexOf('\r\n\r\n') + 2, text.length - 1];
      for (const length of [...cuts, text.length]) {
        const part = text.slice(0, length);
        await Promise.all([
          disconnect(part, 'reset', 'at once'),
          disconnect(part, 'end', 'at once'),
          // Only a complete request gets a response.
          ...(length === text.length
            ? [disconnect(part, 'reset', 'on response'), disconnect(part, 'end', 'on response')]
            : []),
        ]);
      }
      expect(await Promise.all(others)).toEqual([201, 201, 201, 201, 201]);
      await waitUntilIdle();
      expect(proxy.child.exitCode).toBeNull();
    },
  );
});

describe('CONNECT after a create', () => {
  it('does not interfere with the response to the create', async () => {
    const { fake } = launcher;
    relay.hold();
    const keepAlive = create().replace('Connection: close\r\n', '');
    const socket = await open(proxy.url, `${keepAlive}CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n`);
    await fake.arrived(1);
    relay.release();
    expect(statuses(await readAll(socket))).toEqual([201]);
    expect(fake.customers(BUSINESS)).toHaveLength(1);
  });
});

describe('signals', () => {
  it.each<NodeJS.Signals>(['SIGUSR1', 'SIGUSR2'])('%s does not interfere', async (signal) => {
    proxy.child.kill(signal);
    expect(await createdStatus()).toBe(201);
    expect(proxy.stderr).not.toContain('Debugger');
    expect(proxy.child.exitCode).toBeNull();
  });

  it('SIGHUP shuts the process down gracefully, as SIGTERM does', async () => {
    const { fake } = launcher;
    const other = await launcher.start(await relay.graphSettings(fake));
    relay.hold();
    const creating = other.create();
    await fake.arrived(1);
    other.child.kill('SIGHUP');
    await other.readyWhen(({ status }) => status !== 200);
    relay.release();
    expect((await creating).status).toBe(201);
    expect(await other.exit).toEqual([0, null]);
  });
});
