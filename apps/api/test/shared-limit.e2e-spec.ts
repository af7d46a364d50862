import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PGBOUNCER, PgBouncer, PostgresServer } from '@bookings/idempotency/testing';
import { BUSINESS, customersPath } from './documented.ts';
import { graphError, respond } from './faults.ts';
import { runCommand } from './keys-process.ts';
import { DIST, type ProxyProcess, useProxyProcess } from './proxy-process.ts';

const MAILBOX = BUSINESS.toLowerCase();
const MODE = (name: string) => `bookings_mailbox_permit_mode{mode="${name}"}`;
const HELD = 'bookings_mailbox_permits_held';
/** A lease of 11 s. The deadline is longer than any outage of a test. */
const TIMES = {
  GRAPH_ATTEMPT_TIMEOUT_MS: '5000',
  MAILBOX_LINGER_MS: '1000',
  GRAPH_DEADLINE_MS: '100000',
};

const STATE_SECRET = 'a secret of all replicas';

const launcher = useProxyProcess({ workMs: 50 });
let server: PostgresServer;
let url: string;
let replicas: ProxyProcess[];

const start = (count: number, env: Record<string, string> = {}) =>
  Promise.all(
    Array.from({ length: count }, () =>
      launcher.start({
        STATE_URL: url,
        STATE_SECRET,
        ...TIMES,
        ...env,
      }),
    ),
  );
const list = (replica: ProxyProcess) => replica.request('GET', customersPath());
/** Lists the customers many times at once. @returns the statuses that differ from 200 */
const lists = async (replica: ProxyProcess, count: number): Promise<number[]> => {
  const all = await Promise.all(Array.from({ length: count }, () => list(replica)));
  return all.map(({ status }) => status).filter((status) => status !== 200);
};
const mailboxes = (...args: string[]) =>
  runCommand('mailboxes', { STATE_URL: url, STATE_SECRET }, ...args);
const peak = () => launcher.fake.requests().peakOfWorkByMailbox[MAILBOX];

beforeEach(async () => {
  server = await PostgresServer.start();
  url = await server.createDatabase();
  replicas = [];
});
afterEach(async () => {
  server.thaw();
  await Promise.all(replicas.map((replica) => replica.stop()));
  await server.stop();
});

describe('replicas that share a PostgreSQL', () => {
  it('send four requests at a time to a mailbox, all together', async () => {
    replicas = await start(3);
    const failed = await Promise.all(replicas.map((replica) => lists(replica, 60)));
    expect(failed.flat()).toEqual([]);
    expect(peak()).toBe(4);
    const handOvers = await Promise.all(
      replicas.map((replica) => replica.metric('bookings_mailbox_permit_hand_overs_total')),
    );
    expect(Math.max(...handOvers)).toBeGreaterThan(0);
  });

  it('count what a killed replica has sent until Graph is surely done', async () => {
    const [killed, other] = (replicas = await start(2));
    if (!killed || !other) throw new Error('there are no replicas');
    const lost = Promise.allSettled(Array.from({ length: 20 }, () => list(killed)));
    await launcher.fake.arrived(4);
    killed.child.kill('SIGKILL');
    replicas = [other];
    expect(await lists(other, 20)).toEqual([]);
    expect((await lost).some(({ status }) => status === 'rejected')).toBe(true);
    expect(peak()).toBe(4);
    // In the end the survivor has all four.
    expect(await lists(other, 20)).toEqual([]);
    expect(await other.metric(HELD)).toBe(4);
  });

  it('give their permits up when they end', async () => {
    const [ending, other] = (replicas = await start(2));
    if (!ending || !other) throw new Error('there are no replicas');
    await lists(ending, 20);
    expect(await ending.metric(HELD)).toBe(4);
    expect(await ending.stop()).toEqual([0, null]);
    replicas = [other];
    expect((await mailboxes()).stdout).toBe('processes\t1\n');
  });

  it('show operators what they hold', async () => {
    const [holder, waiting] = (replicas = await start(2));
    if (!holder || !waiting) throw new Error('there are no replicas');
    await lists(holder, 20);
    const { stdout } = await mailboxes(BUSINESS);
    const [first = '', ...permits] = stdout.trimEnd().split('\n');
    expect(first).toBe('processes\t2');
    const line = /^permit\t[\w-]{43}\t(slot \d\t[\w-]{36})\t1?\d\.\d s left$/;
    const id = String(holder.logLines[0]?.['service.ephemeral_id']);
    expect(permits.map((permit) => line.exec(permit)?.[1])).toEqual(
      [0, 1, 2, 3].map((slot) => `slot ${slot}\t${id}`),
    );
    expect(stdout).not.toContain('@');
    const another = await mailboxes('another@contoso.com');
    expect(another.stdout).toBe('processes\t2\n');
    expect((await mailboxes('a', 'b')).stderr).toContain('usage: ');
    expect((await runCommand('mailboxes', { STATE_URL: 'sqlite:a.db' })).stderr).toBe(
      'STATE_URL names no PostgreSQL: one process shares no limit\n',
    );
  });

  it('pause a mailbox together', async () => {
    const [throttled, other] = (replicas = await start(2));
    if (!throttled || !other) throw new Error('there are no replicas');
    // Both have used the mailbox.
    await Promise.all(replicas.map((replica) => lists(replica, 10)));
    launcher.fake.forget();
    const headers = { 'Retry-After': '3' };
    launcher.fake.script([respond(429, graphError('TooManyRequests'), { headers })]);
    const first = list(throttled);
    await throttled.metricIs('bookings_mailbox_pauses_total', 1);
    await other.metricIs('bookings_mailbox_pauses_total', 1);
    expect((await list(other)).status).toBe(200);
    expect((await first).status).toBe(200);
    const times = launcher.fake.requests().requests.map(({ at }) => Date.parse(at));
    const [refused = NaN, next = NaN] = times;
    // Timers and the times of the journal are rounded to milliseconds.
    expect(next - refused).toBeGreaterThanOrEqual(3000 - 10);
  });

  it.each([
    ['is stopped', () => server.pause(), () => server.resume()],
    [
      'hangs',
      () => server.freeze(),
      () => {
        server.thaw();
        return Promise.resolve();
      },
    ],
  ])('use their own shares while PostgreSQL %s', async (_title, takeAway, bringBack) => {
    replicas = await start(2, { REPLICAS: '2' });
    await Promise.all(replicas.map((replica) => lists(replica, 10)));
    await takeAway();
    const waiting = Promise.all(replicas.map((replica) => lists(replica, 30)));
    await Promise.all(replicas.map((replica) => replica.metricIs(MODE('own-share'), 1)));
    const [one] = replicas;
    const ready = await one?.readyWhen(({ text }) => text.includes('uses only its share'));
    expect(ready?.status).toBe(200);
    expect((await waiting).flat()).toEqual([]);
    await bringBack();
    const recovering = Promise.all(replicas.map((replica) => lists(replica, 60)));
    await Promise.all(replicas.map((replica) => replica.metricIs(MODE('shared'), 1)));
    expect((await recovering).flat()).toEqual([]);
    await one?.readyWhen(({ body }) => !('degraded' in body));
    expect(peak()).toBeLessThanOrEqual(4);
  });

  // `npm test` says in one line when PgBouncer is not installed.
  (PGBOUNCER === undefined ? it.skip : it)('do so behind a pooler', async () => {
    const bouncer = await PgBouncer.start(String(PGBOUNCER), url);
    try {
      replicas = await start(3, { STATE_URL: bouncer.through(url) });
      const polls = (replica: ProxyProcess) => replica.stdout.includes('are polled');
      while (!replicas.every(polls)) await Promise.all(replicas.map((replica) => list(replica)));
      launcher.fake.forget();
      const failed = await Promise.all(replicas.map((replica) => lists(replica, 40)));
      expect(failed.flat()).toEqual([]);
      expect(peak()).toBe(4);
    } finally {
      await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
      await bouncer.stop();
    }
  });
});

describe('a process with SQLite', () => {
  it('loads nothing of the permits', () => {
    const withPermits = readdirSync(DIST).filter(
      (name) => name.endsWith('.js') && read(name).includes('INTO mailbox_permits'),
    );
    expect(withPermits).toHaveLength(1);
    expect(loaded('bootstrap.js')).not.toEqual(expect.arrayContaining(withPermits));
    expect(loaded('bootstrap.js').length).toBeGreaterThan(1);
  });
});

const read = (name: string) => readFileSync(join(DIST, name), 'utf8');

/** The files of the bundle that a file imports before it runs. */
function loaded(name: string, known = new Set<string>()): string[] {
  if (known.has(name)) return [];
  known.add(name);
  const imports = [...read(name).matchAll(/^(?:import|export)\b[^;]*?"\.\/([\w-]+\.js)";/gm)];
  for (const [, imported = ''] of imports) loaded(imported, known);
  return [...known];
}
