import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createPart, getPart, sendBatch, statusesOf } from './batch-requests.ts';
import { CREATE_PERMISSION, customersPath } from './documented.ts';
import { close, listen } from './local-server.ts';
import { POLL_MS, type ProxyResponse } from './proxy-client.ts';
import { MAIN, type ProxyLauncher, type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';
import { TcpRelay } from './tcp-relay.ts';

/** Longer than any test takes until it sends a second signal. */
const NEVER_ENDS = '3600000';
const launcher = useProxyProcess();

/** Sends SIGTERM and waits until the process has noticed. */
async function signalled(proxy: ProxyProcess): Promise<void> {
  proxy.child.kill('SIGTERM');
  await proxy.readyWhen(({ status }) => status === 503);
}

const IN_FLIGHT = 'bookings_http_requests_in_flight';

/** The head of a create. */
function createHead(token: string, bodyBytes: number): string {
  const lines = [
    `POST ${customersPath()} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${bodyBytes}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const connectionOf = ({ headers }: { headers: Headers }) => headers.get('connection');

describe('a process that was told to stop, during its delay', () => {
  it('accepts requests, is not ready, and says in every answer that the connection ends', async () => {
    const relay = new TcpRelay();
    const graph = await relay.graphSettings(launcher.fake);
    const proxy = await launcher.start({
      ...graph,
      SHUTDOWN_DELAY_MS: NEVER_ENDS,
      MANAGEMENT_PORT: '0',
    });
    const { managementUrl } = proxy;
    expect(connectionOf(await proxy.get('/docs'))).toBe('keep-alive');
    relay.hold();
    const begunBefore = proxy.create();
    await launcher.fake.arrived(1);
    proxy.child.kill('SIGTERM');
    while ((await fetch(`${managementUrl}/readyz`)).status !== 503) await sleep(POLL_MS);
    relay.release();
    const answers = [
      await begunBefore,
      await proxy.create(),
      await proxy.create({ token: null }),
      await proxy.get('/nowhere'),
      // The router refuses this before any hook.
      await proxy.get('/%zz'),
      await fetch(`${managementUrl}/readyz`),
      await fetch(`${managementUrl}/metrics`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 401, 404, 400, 503, 200]);
    expect(answers.map(connectionOf)).toEqual(answers.map(() => 'close'));
    expect(proxy.stdout.match(/"draining"/g)).toHaveLength(1);
    proxy.child.kill('SIGTERM');
    expect(await proxy.exit).toEqual([1, null]);
  });

  it('ends with 0 after it, though nothing is running', async () => {
    const delayMs = 8000;
    const proxy = await launcher.start({ SHUTDOWN_DELAY_MS: String(delayMs) });
    const beganMs = performance.now();
    await signalled(proxy);
    expect((await proxy.create()).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(delayMs);
  });

  it('closes idle connections when it is over, while requests are still running', async () => {
    const relay = new TcpRelay();
    const graph = await relay.graphSettings(launcher.fake);
    const proxy = await launcher.start({ ...graph, SHUTDOWN_DELAY_MS: '500' });
    const idle = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    idle.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    relay.hold();
    const creating = proxy.create();
    await launcher.fake.arrived(1);
    proxy.child.kill('SIGTERM');
    await once(idle, 'close');
    relay.release();
    expect((await creating).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
  });
});

/** A process that drains while Graph holds the answer to its first request back. */
async function draining(send: (proxy: ProxyProcess) => Promise<ProxyResponse>) {
  const relay = new TcpRelay();
  const proxy = await launcher.start(await relay.graphSettings(launcher.fake));
  relay.hold();
  const running = send(proxy);
  await launcher.fake.arrived(1);
  await signalled(proxy);
  return { proxy, relay, running };
}

describe('a process that drains', () => {
  it('refuses new requests, and finishes the parts of a batch that is running', async () => {
    const parts = [createPart('1'), getPart('2', undefined, { dependsOn: ['1'] })];
    const { proxy, relay, running } = await draining((each) => sendBatch(each, parts));
    const refused = await proxy.create({ headers: { 'idempotency-key': '"drain"' } });
    expect(refused.status).toBe(503);
    expect(refused.error['code']).toBe('ServiceUnavailable');
    expect(refused.innerError['outcome']).toBe('not-sent');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(connectionOf(refused)).toBe('close');
    const batch = await sendBatch(proxy, [createPart('1')]);
    expect([batch.status, batch.innerError['outcome']]).toEqual([503, 'not-sent']);
    const others = [
      await proxy.request('GET', customersPath()),
      await proxy.create({ token: null }),
      await proxy.get('/livez'),
      await proxy.get('/docs'),
    ];
    expect(others.map(({ status }) => status)).toEqual([503, 401, 200, 200]);

    relay.release();
    expect(statusesOf(await running)).toEqual([201, 200]);
    expect(await proxy.exit).toEqual([0, null]);
    expect(launcher.fake.requests().requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('reads the body of a request that it refuses, so that its client gets the response', async () => {
    const { proxy, relay, running } = await draining((each) => each.create());
    const token = await launcher.fake.issueToken({ roles: [CREATE_PERMISSION] });
    const late = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    late.write(`${createHead(token, 40_000)}{`);
    // Enough time to refuse it by its head.
    for (let probes = 0; probes < 5; probes += 1) await proxy.get('/livez');
    late.write(`${' '.repeat(39_998)}}`);
    expect(await text(late)).toMatch(/^HTTP\/1\.1 503 /);
    relay.release();
    expect((await running).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
  });

  it('does not wait for the body of a request that it will refuse', async () => {
    const { proxy, relay, running } = await draining((each) => each.create());
    const token = await launcher.fake.issueToken({ roles: [CREATE_PERMISSION] });
    const inFlight = await proxy.metric(IN_FLIGHT);
    const late = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    late.on('error', () => undefined).write(createHead(token, 40_000));
    await proxy.metricIs(IN_FLIGHT, inFlight + 1);
    relay.release();
    expect((await running).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
  });

  it('ends under steady load', async () => {
    const { proxy, relay, running } = await draining((each) => each.create());
    const refused = Promise.withResolvers<undefined>();
    const callers = Array.from({ length: 8 }, async () => {
      // Each sends until the process does not listen any more.
      for (;;) {
        const status = await proxy.request('GET', customersPath()).then(
          (response) => response.status,
          () => undefined,
        );
        if (status === undefined) return;
        if (status === 503) refused.resolve(undefined);
      }
    });
    await refused.promise;
    relay.release();
    expect((await running).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
    await Promise.all(callers);
  });
});

describe('a signal while the process starts', () => {
  it('ends it with 0, without a delay', async () => {
    // Accepts connections and says nothing, so that opening the store takes its time.
    const silent = createServer((socket) => socket.resume());
    onTeardown(() => close(silent));
    const port = await listen(silent);
    const connected = once(silent, 'connection');
    const proxy = launcher.spawn({
      STATE_URL: `postgres://u:p@127.0.0.1:${port}/d`,
      STATE_SECRET: 'a secret of the tests',
      SHUTDOWN_DELAY_MS: NEVER_ENDS,
    });
    await connected;
    expect(await proxy.stop()).toEqual([0, null]);
    expect([proxy.stdout, proxy.stderr]).toEqual(['', '']);
  });
});

describe('an attempt that no caller waits for any more', () => {
  const slow = useProxyProcess({ workMs: 2000 });
  const hanging = useProxyProcess({ workMs: Number(NEVER_ENDS) });

  /** A process with an attempt whose caller has left, and that was told to stop. */
  async function stoppingWithUnseenAttempt(
    at: ProxyLauncher,
    graceMs: string,
  ): Promise<ProxyProcess> {
    const proxy = await at.start({ SHUTDOWN_GRACE_MS: graceMs });
    const caller = new AbortController();
    const gone = proxy.request('GET', customersPath(), { signal: caller.signal });
    await at.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    await proxy.metricIs('bookings_http_requests_total{operation="listCustomers",status="499"}', 1);
    proxy.child.kill('SIGTERM');
    return proxy;
  }

  it('is awaited by the drain', async () => {
    const proxy = await stoppingWithUnseenAttempt(slow, '60000');
    expect(await proxy.exit).toEqual([0, null]);
    expect(slow.fake.requests().requests.map(({ status }) => status)).toEqual([200]);
  });

  it('is cut off after the grace, and the exit code says so', async () => {
    const proxy = await stoppingWithUnseenAttempt(hanging, '100');
    expect(await proxy.exit).toEqual([1, null]);
    expect(hanging.fake.requests().requests.map(({ status }) => status)).toEqual([null]);
  });
});

describe('a signal that arrives while the program is loaded', () => {
  /** Sends the signal when the first file after `main.js` is read. */
  const sentAtImport = (signal: NodeJS.Signals) => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) {
        if (url.endsWith('/bootstrap.js')) process.kill(process.pid, '${signal}');
        return next(url, context);
      } });`;
    return ['--import', `data:text/javascript,${encodeURIComponent(hook)}`] as const;
  };

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends it with 0: %s', async (signal) => {
    const command = [process.execPath, ...sentAtImport(signal), MAIN] as const;
    const proxy = launcher.spawn({}, { command });
    expect(await proxy.exit).toEqual([0, null]);
    expect([proxy.stdout, proxy.stderr]).toEqual(['', '']);
  });

  it.each(['SIGUSR1', 'SIGUSR2'] as const)('has no effect: %s', async (signal) => {
    const command = [process.execPath, ...sentAtImport(signal), MAIN] as const;
    const proxy = await launcher.start({}, { command });
    expect(await proxy.stop()).toEqual([0, null]);
    expect(proxy.stderr).toBe('');
  });
});
