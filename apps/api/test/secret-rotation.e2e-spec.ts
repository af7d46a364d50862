import { expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { BUSINESS } from './documented.ts';
import { runKeys } from './keys-process.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';

const OLD = 'the secret before the rotation';
const NEW = 'the secret after the rotation';

const launcher = useProxyProcess({ workMs: 5 });

it('forgets no key while three replicas get another secret, one by one, under load', async () => {
  const server = await PostgresServer.start();
  onTeardown(() => server.stop());
  const STATE_URL = await server.createDatabase();
  const start = (secrets: Record<string, string>) => launcher.start({ STATE_URL, ...secrets });
  const before = { STATE_SECRET: OLD };
  const first = await start(before);
  const replicas = [first, await start(before), await start(before)];

  const ids = new Map<string, unknown>();
  const create = (proxy: ProxyProcess, key: string) =>
    proxy.create({
      body: JSON.stringify({ displayName: key }),
      headers: { 'idempotency-key': key },
    });
  let isDone = false;
  // One caller for each replica, which follows the replica to its next process.
  const load = [0, 1, 2].map(async (replica) => {
    for (let index = 0; !isDone; index += 1) {
      const key = `key-${replica}-${index}`;
      // A replica that stops may close a connection with a request in it. The caller repeats it.
      const attempt = () => create(replicas[replica] ?? first, key);
      const { status, body } = await attempt().catch(attempt);
      expect(status).toBe(201);
      ids.set(key, body['id']);
    }
  });
  const roll = async (secrets: Record<string, string>) => {
    for (const [index, old] of replicas.entries()) {
      replicas[index] = await start(secrets);
      await old.stop();
    }
  };
  await roll({ STATE_SECRET: NEW, STATE_SECRET_PREVIOUS: OLD });
  await roll({ STATE_SECRET: NEW });
  isDone = true;
  await Promise.all(load);

  const env = { STATE_URL, STATE_SECRET: NEW };
  const forgotten = await runKeys({ ...env, STATE_SECRET_PREVIOUS: OLD }, 'forget-previous-secret');
  expect(forgotten.stdout).toBe('the previous secret no longer opens the store\n');
  expect((await runKeys({ STATE_URL, STATE_SECRET: OLD }, 'unknown')).code).toBe(1);

  const proxy = await start({ STATE_SECRET: NEW });
  for (const [key, id] of ids) {
    const { body, headers } = await create(proxy, key);
    expect([key, body['id'], headers.get('idempotent-replayed')]).toEqual([key, id, 'true']);
  }
  expect(launcher.fake.customers(BUSINESS)).toHaveLength(ids.size);
  expect(ids.size).toBeGreaterThan(30);
});
