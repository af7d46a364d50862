import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { listen, close } from './local-server.ts';
import { POLL_MS } from './proxy-client.ts';
import { useProxyProcess } from './proxy-process.ts';
import { TcpRelay } from './tcp-relay.ts';
import { onTeardown } from './teardown.ts';

const launcher = useProxyProcess();

const MANAGED = { MANAGEMENT_PORT: '0' };

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

describe('the production process with a management port', () => {
  it('logs both addresses when it listens', async () => {
    const { url, managementUrl } = await launcher.start(MANAGED);
    expect(managementUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(managementUrl).not.toBe(url);
    expect([
      await statusOf(`${managementUrl}/livez`),
      await statusOf(`${url}/livez`),
      await statusOf(`${url}/docs`),
    ]).toEqual([200, 404, 200]);
  });

  it('serves the management port after SIGTERM until running requests have finished', async () => {
    const { fake } = launcher;
    const relay = new TcpRelay();
    const proxy = await launcher.start({ ...MANAGED, ...(await relay.graphSettings(fake)) });
    const { managementUrl } = proxy;
    relay.hold();
    const creating = proxy.create();
    await fake.arrived(1);
    proxy.child.kill('SIGTERM');
    while ((await statusOf(`${managementUrl}/readyz`)) !== 503) await sleep(POLL_MS);
    expect([
      await statusOf(`${managementUrl}/readyz`),
      await statusOf(`${managementUrl}/livez`),
      await statusOf(`${managementUrl}/metrics`),
    ]).toEqual([503, 200, 200]);
    relay.release();
    expect((await creating).status).toBe(201);
    expect(await proxy.exit).toEqual([0, null]);
    await expect(fetch(`${managementUrl}/livez`)).rejects.toThrow();
  });

  it('exits on SIGTERM although a connection to the management port is open', async () => {
    const proxy = await launcher.start(MANAGED);
    expect(await statusOf(`${proxy.managementUrl}/metrics`)).toBe(200);
    expect(await proxy.stop()).toEqual([0, null]);
  });

  it.each(['PORT', 'MANAGEMENT_PORT'])('reports in one line that %s is taken', async (key) => {
    const server = createServer();
    const port = String(await listen(server));
    onTeardown(() => close(server));
    const proxy = launcher.spawn({ MANAGEMENT_PORT: '0', [key]: port });
    expect(await proxy.exit).toEqual([1, null]);
    expect(proxy.stderr).toBe(`Cannot listen on 127.0.0.1:${port}: the port is already in use.\n`);
  });

  it('refuses to start when both ports are the same', async () => {
    const ports = { PORT: '4711', MANAGEMENT_PORT: '4711' };
    const proxy = launcher.spawn(ports);
    expect(await proxy.exit).toEqual([78, null]);
    expect(proxy.stderr).toContain('  MANAGEMENT_PORT is the same as PORT; expected: ');
  });
});
