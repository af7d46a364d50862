import { expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { Balancer } from './balancer.ts';
import { CREATE_PERMISSION, customersPath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { ProxyClient } from './proxy-client.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';

const REPLICAS = 3;
const CALLERS = 6;
/** More than the two seconds after which the balancer notices, for a busy machine. */
const SHUTDOWN_DELAY_MS = '5000';

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

it('a rolling restart behind a balancer that notices late fails no request', async () => {
  const postgres = await PostgresServer.start();
  onTeardown(() => postgres.stop());
  const env = {
    STATE_URL: await postgres.createDatabase(),
    STATE_SECRET: 'one secret for every process',
    SHUTDOWN_DELAY_MS,
  };
  const balancer = new Balancer();
  onTeardown(() => balancer.close());
  const url = await balancer.start();
  const replicas: ProxyProcess[] = [];
  for (let count = 0; count < REPLICAS; count += 1) {
    const replica = await launcher.start(env);
    await balancer.add(replica.url);
    replicas.push(replica);
  }

  const token = await launcher.fake.issueToken({ roles: [CREATE_PERMISSION] });
  const callers = Array.from({ length: CALLERS }, (_, index) => new Caller(url, token, index));
  let isOver = false;
  const roll = async () => {
    for (const replica of replicas) {
      expect(await replica.stop()).toEqual([0, null]);
      const successor = await launcher.start(env);
      await balancer.add(successor.url);
    }
  };
  const rolling = roll().finally(() => (isOver = true));
  await Promise.all([rolling, ...callers.map((caller) => caller.sendUntil(() => isOver))]);

  const statuses = callers.flatMap((caller) => caller.statuses);
  expect(statuses.filter((status) => status >= 400)).toEqual([]);
  for (const { business, created } of callers) {
    expect(launcher.fake.customers(business)).toHaveLength(created);
  }
  // All but the last successor have served, and so have those that were stopped.
  expect(Math.min(...balancer.served.slice(0, -1))).toBeGreaterThan(0);
}, 300_000);
