import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { run, serve } from './production-process.ts';
import { CREATE_PERMISSION, customersPath } from './stack.ts';

let fake: GraphFake;
beforeAll(async () => {
  fake = await GraphFake.start();
});
afterAll(async () => {
  await fake.close();
});

const MANAGED = { MANAGEMENT_PORT: '0' };

async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url);
  await answer.text();
  return answer.status;
}

describe('the production process with a management port', () => {
  it('says both addresses when it listens', async () => {
    const { address, managementAddress } = await serve(fake, MANAGED);
    expect(managementAddress).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(managementAddress).not.toBe(address);
    expect([
      await statusOf(`${managementAddress}/livez`),
      await statusOf(`${address}/livez`),
      await statusOf(`${address}/docs`),
    ]).toEqual([200, 404, 200]);
  });

  it('answers there after SIGTERM until running requests have finished', async () => {
    const { child, exit, address, managementAddress } = await serve(fake, MANAGED);
    fake.forget();
    fake.script([{ kind: 'delay', delayMs: 3000 }]);
    const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
    let isRunning = true;
    const running = fetch(`${address}${customersPath()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"displayName":"Joni Sherman"}',
    }).finally(() => {
      isRunning = false;
    });
    await fake.arrived(1);
    child.kill('SIGTERM');
    while ((await statusOf(`${managementAddress}/readyz`)) !== 503);
    expect([
      isRunning,
      await statusOf(`${managementAddress}/readyz`),
      await statusOf(`${managementAddress}/livez`),
      await statusOf(`${managementAddress}/metrics`),
    ]).toEqual([true, 503, 200, 200]);
    expect((await running).status).toBe(201);
    expect(await exit).toEqual([0, null]);
    await expect(fetch(`${managementAddress}/livez`)).rejects.toThrow();
  });

  it('is not held up by a connection to it', async () => {
    const { child, exit, managementAddress } = await serve(fake, MANAGED);
    expect(await statusOf(`${managementAddress}/metrics`)).toBe(200);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it.each(['PORT', 'MANAGEMENT_PORT'])('says in one line that %s is taken', async (key) => {
    const server = createServer().listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const ports = { PORT: '0', MANAGEMENT_PORT: '0', [key]: port };
    const { exit, stderr } = run({ ...proxyEnvironment(fake), ...ports });
    expect(await exit).toEqual([1, null]);
    expect(await stderr).toBe(`Cannot listen on 127.0.0.1:${port}: the port is already in use.\n`);
    server.close();
  });

  it('is not started on the port of the other', async () => {
    const ports = { PORT: '4711', MANAGEMENT_PORT: '4711' };
    const { exit, stderr } = run({ ...proxyEnvironment(fake), ...ports });
    expect(await exit).toEqual([78, null]);
    expect(await stderr).toContain('  MANAGEMENT_PORT is the same as PORT; expected: ');
  });
});
