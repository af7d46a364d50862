import { expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { Balancer } from './balancer.ts';
import { CREATE_PERMISSION, customersPath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { DEPLOYMENT, noticesAfterMs, ownSettings } from './manifest.ts';
import { ProxyClient } from './proxy-client.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';

const CALLERS = 6;

// Every business exists, because each caller has one of its own.
const launcher = useProxyProcess({ businesses: ['*'], workMs: 20 });

/** A caller that sends one request after the other. */
class Caller extends ProxyClient {
  readonly business: string;
  readonly statuses: number[] = [];
  created = 0;

  constructor(
    readonly url: string,
    protected readonly token: string,
    index: number,
  ) {
    super();
    this.business = `rolling-${index}@contoso.com`;
  }

  async sendUntil(isOver: () => boolean): Promise<void> {
    const path = customersPath(this.business);
    while (!isOver()) {
      const created = await this.create({ path, headers: { 'idempotency-key': newKey() } });
      this.created += 1;
      const listed = await this.request('GET', path);
      this.statuses.push(created.status, listed.status);
    }
  }
}

it('a rollout with the settings of the manifest fails no request', async () => {
  const postgres = await PostgresServer.start();
  onTeardown(() => postgres.stop());
  const { replicas: count = 0, strategy } = DEPLOYMENT.spec ?? {};
  // A new process is ready before an old one stops.
  expect(strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  const { BUSINESS_ACCESS_FILE: _, ...settings } = ownSettings();
  const env = {
    ...settings,
    STATE_URL: await postgres.createDatabase(),
    STATE_SECRET: 'one secret for every process',
    // Each process has the loopback of this machine, and a credential of the fake.
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    GRAPH_CREDENTIAL: 'client-secret',
  };
  const balancer = new Balancer(noticesAfterMs());
  onTeardown(() => balancer.close());
  const url = await balancer.start();
  const replicas: ProxyProcess[] = [];
  const startReplica = async () => {
    const replica = await launcher.start(env);
    await balancer.add(replica.url, replica.managementUrl);
    return replica;
  };
  while (replicas.length < count) replicas.push(await startReplica());

  const token = await launcher.fake.issueToken({ roles: [CREATE_PERMISSION] });
  const callers = Array.from({ length: CALLERS }, (_, index) => new Caller(url, token, index));
  let isOver = false;
  const roll = async () => {
    for (const replica of replicas) {
      await startReplica();
      expect(await replica.stop()).toEqual([0, null]);
    }
  };
  const rolling = roll().finally(() => (isOver = true));
  await Promise.all([rolling, ...callers.map((caller) => caller.sendUntil(() => isOver))]);

  const statuses = callers.flatMap((caller) => caller.statuses);
  expect(statuses.filter((status) => status >= 400)).toEqual([]);
  for (const { business, created } of callers) {
    expect(launcher.fake.customers(business)).toHaveLength(created);
  }
  // Those that were stopped have served, and so have their successors.
  expect(Math.min(...balancer.served)).toBeGreaterThan(0);
}, 300_000);
