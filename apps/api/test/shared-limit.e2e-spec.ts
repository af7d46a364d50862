import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { BUSINESS, customersPath } from './documented.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';

const MAILBOX = BUSINESS.toLowerCase();
const STATE_SECRET = 'a secret of all replicas';

const launcher = useProxyProcess({ workMs: 20 });

describe('three replicas with one PostgreSQL', () => {
  let server: PostgresServer;
  let replicas: ProxyProcess[];
  let env: Record<string, string>;

  beforeEach(async () => {
    server = await PostgresServer.start();
    env = { STATE_URL: await server.createDatabase(), STATE_SECRET };
    replicas = await Promise.all([1, 2, 3].map(() => launcher.start(env)));
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await server.stop();
  });

  const reads = (replica: ProxyProcess, count: number) =>
    Promise.all(
      Array.from(
        { length: count },
        async () => (await replica.request('GET', customersPath())).status,
      ),
    );

  it('sends four requests at a time to a mailbox', async () => {
    const statuses = await Promise.all(replicas.map((replica) => reads(replica, 60)));
    expect(new Set(statuses.flat())).toEqual(new Set([200]));
    expect(launcher.fake.requests().peakOfWorkByMailbox).toEqual({ [MAILBOX]: 4 });
  });
});
