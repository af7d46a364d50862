import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing';
import { BUSINESS, customersPath } from './documented.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { onTeardown } from './teardown.ts';

const MAILBOX = BUSINESS.toLowerCase();
const CALLERS = 12;
const ENV = {
  STATE_SECRET: 'a secret of all replicas',
  // A short lease, so that an outage that is longer does not take long.
  GRAPH_ATTEMPT_TIMEOUT_MS: '2000',
  MAILBOX_LINGER_MS: '2000',
  GRAPH_DEADLINE_MS: '6000',
};

const launcher = useProxyProcess({ workMs: 50 });

/** Callers that read from one replica without end. */
class Callers {
  readonly statuses: number[] = [];
  readonly #replica: ProxyProcess;
  #isOver = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(replica: ProxyProcess) {
    this.#replica = replica;
  }

  start(): this {
    this.#running = Promise.all(Array.from({ length: CALLERS }, () => this.#read()));
    // The test hears of a failure at the end.
    this.#running.catch(() => undefined);
    return this;
  }

  get served(): number {
    return this.statuses.filter((status) => status === 200).length;
  }

  /** Waits until one more request is served. */
  async serveMore(): Promise<void> {
    const { served } = this;
    while (this.served === served) await sleep(20);
  }

  /** Resolves when every request has its answer. Rejects if one got none. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #read(): Promise<void> {
    while (!this.#isOver) {
      const { status } = await this.#replica.request('GET', customersPath());
      this.statuses.push(status);
      if (status !== 200) await sleep(100);
    }
  }
}

async function startReplicas(): Promise<[PostgresServer, ...ProxyProcess[]]> {
  const server = await PostgresServer.start();
  onTeardown(() => server.stop());
  const env = { ...ENV, STATE_URL: await server.createDatabase() };
  return [server, ...(await Promise.all([1, 2, 3].map(() => launcher.start(env))))];
}

async function modeIs(mode: string, replicas: readonly ProxyProcess[]): Promise<void> {
  for (const replica of replicas) {
    const name = `bookings_mailbox_permit_mode{mode="${mode}"}`;
    await replica.metricIs(name, 1);
  }
}

it('three replicas keep the limit through a kill, time-outs, a pause, disconnects and an outage', async () => {
  const [server, killed, ...replicas] = await startReplicas();
  if (!killed) throw new Error('no replica was started');
  const callers = replicas.map((replica) => new Callers(replica).start());
  const lost = new Callers(killed).start();
  const allServe = () => Promise.all(callers.map((each) => each.serveMore()));

  await lost.serveMore();
  killed.child.kill('SIGKILL');
  await expect(lost.end()).rejects.toThrow();
  const leaving = new AbortController();
  const left = replicas.map((replica) =>
    replica.request('GET', customersPath(), { signal: leaving.signal }),
  );
  launcher.fake.script([
    { kind: 'silence', when: 'before-stored' },
    { kind: 'delay', delayMs: 2500 },
    { kind: 'status', status: 429, headers: { 'Retry-After': '2' } },
  ]);
  await allServe();
  leaving.abort();
  await Promise.allSettled(left);
  await allServe();

  await server.pause();
  await modeIs('own-share', replicas);
  await allServe();
  await server.resume();
  await modeIs('shared', replicas);
  await allServe();

  await Promise.all(callers.map((each) => each.end()));
  const statuses = new Set(callers.flatMap((each) => each.statuses));
  expect([200, 429, 504]).toEqual(expect.arrayContaining([...statuses]));
  expect(launcher.fake.requests().peakOfWorkByMailbox).toEqual({ [MAILBOX]: 4 });
  expect(replicas.map(({ stderr }) => stderr)).toEqual(['', '']);
}, 300_000);

it('three replicas with a hot mailbox ask the database for few of their requests', async () => {
  const [, ...replicas] = await startReplicas();
  const name = 'bookings_mailbox_permit_statements_total';
  const callers = replicas.map((replica) => new Callers(replica).start());
  while (callers.some(({ served }) => served < 100)) await sleep(50);
  await Promise.all(callers.map((each) => each.end()));
  const requests = callers.reduce((sum, { statuses }) => sum + statuses.length, 0);
  const each = await Promise.all(replicas.map((replica) => replica.metric(name)));
  const statements = each.reduce((sum, count) => sum + count, 0);
  expect(Math.min(...each)).toBeGreaterThan(0);
  // 0.05 on a quiet machine. A busy one serves fewer requests between two renewals.
  expect(statements).toBeLessThan(requests / 2);
}, 300_000);
