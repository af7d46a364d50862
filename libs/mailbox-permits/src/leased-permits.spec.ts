import { beforeEach, describe, expect, it } from '@jest/globals';
import { ModelDatabase } from './testing/model-database.ts';
import { ReplicaUnderTest } from './testing/replica-under-test.ts';
import { settled, TestClock } from './testing/test-clock.ts';
import { leaseMs } from './times.ts';

const TIMES = { attemptMs: 1000, lingerMs: 1000 };
/** Long enough for all statements that follow, and shorter than any timer. */
const SOON_MS = 50;

let clock: TestClock;
let database: ModelDatabase;
beforeEach(() => {
  clock = new TestClock();
  database = new ModelDatabase({ times: TIMES, concurrency: 4, share: 1 }, clock);
});

/** Starts processes, one after the other. */
async function replicas(...names: string[]): Promise<ReplicaUnderTest[]> {
  const all = names.map((name) => new ReplicaUnderTest(database, name));
  await clock.pass(SOON_MS);
  return all;
}
async function pair(): Promise<[ReplicaUnderTest, ReplicaUnderTest]> {
  const [one, other] = await replicas('a', 'b');
  if (!one || !other) throw new Error('there are no replicas');
  return [one, other];
}
async function single(): Promise<ReplicaUnderTest> {
  const [one] = await replicas('a');
  if (!one) throw new Error('there is no replica');
  return one;
}

describe('permits between replicas', () => {
  it('are all used by the one that needs them', async () => {
    const one = await single();
    one.ask(9);
    await settled();
    expect(one.running).toBe(4);
  });

  it('go at once to another when they are not needed', async () => {
    const [one, other] = await pair();
    one.ask(4);
    await settled();
    other.ask(4);
    await settled();
    expect(other.running).toBe(0);
    one.end(3);
    await clock.pass(SOON_MS);
    expect([one.running, other.running]).toEqual([1, 3]);
  });

  it('stay for the next request of a caller that follows at once', async () => {
    const [one, other] = await pair();
    one.ask(2);
    other.ask(9);
    await clock.pass(SOON_MS);
    expect([one.running, other.running]).toEqual([2, 2]);
    for (let requests = 0; requests < 20; requests += 1) {
      one.end(1);
      await clock.pass(5);
      expect([one.running, other.running]).toEqual([1, 2]);
      one.ask(1);
      expect(one.running).toBe(2);
    }
    one.end(1);
    await clock.pass(SOON_MS);
    expect([one.running, other.running]).toEqual([1, 3]);
  });

  it('are shared equally after a time slice', async () => {
    const [one, other] = await pair();
    one.ask(100);
    other.ask(100);
    await clock.pass(3000);
    one.end(4);
    await clock.pass(SOON_MS);
    expect([one.running, other.running]).toEqual([2, 2]);
  });

  it('come from one that stops', async () => {
    const [one, other] = await pair();
    one.ask(4);
    await settled();
    other.ask(4);
    one.end(4);
    await one.permits.close();
    await clock.pass(SOON_MS);
    expect(other.running).toBe(4);
  });
});

describe('a replica that waits', () => {
  it('hears of a permit that is freed while it asks for one', async () => {
    const [one, other] = await pair();
    one.ask(4);
    await settled();
    const arrive = database.holdReplies();
    other.ask(1);
    await settled();
    // The message arrives before the reply.
    other.permits.hear({ kind: 'freed', mailbox: 'm', to: undefined });
    database.rows = { ...database.rows, permits: [] };
    arrive();
    await clock.pass(SOON_MS);
    expect(other.running).toBe(1);
  });

  it('gets a permit that another one was given and does not need', async () => {
    const [one, other] = await pair();
    const third = new ReplicaUnderTest(database, 'c');
    await clock.pass(SOON_MS);
    one.ask(4);
    await settled();
    other.ask(1);
    await clock.pass(1);
    third.ask(1);
    await clock.pass(1);
    other.abort(1);
    // It was given before the first one could hear that it is not needed.
    database.rows = { ...database.rows, permits: database.rows.permits.slice(1) };
    for (const { permits } of [other, third]) {
      permits.hear({ kind: 'freed', mailbox: 'm', to: 'b' });
    }
    await clock.pass(SOON_MS);
    expect(third.running).toBe(1);
  });

  it('is not forgotten when it says so while the rows are read', async () => {
    const [one, other] = await pair();
    one.ask(4);
    await settled();
    // The contact of the first one has read the rows when the other begins to wait.
    const arrive = database.holdReplies();
    await clock.pass(2000);
    other.permits.hear({ kind: 'freed', mailbox: 'm', to: undefined });
    const replica = { process: 'b', wanted: 1, held: 0, waitedMs: 0 };
    one.permits.hear({ kind: 'waits', mailbox: 'm', replica });
    arrive();
    await settled();
    one.end(1);
    await settled();
    expect(database.rows.permits).toHaveLength(3);
  });

  it('asks for the slots that a lowered limit leaves', async () => {
    const [one, other] = await pair();
    one.ask(2);
    await settled();
    other.ask(2);
    await settled();
    one.end(2);
    // The first two slots become free unused.
    await clock.pass(13_000);
    expect(database.rows.permits.map(({ slot }) => slot)).toEqual([2, 3]);
    other.limit = 1;
    other.ask(1);
    other.end(2);
    await clock.pass(SOON_MS);
    expect(other.running).toBe(1);
  });
});

describe('news of a mailbox', () => {
  it('is told after a statement has failed', async () => {
    const one = await single();
    one.ask(1);
    await settled();
    database.isAway = true;
    one.lease.paused(clock.now() + 30_000);
    await settled();
    database.isAway = false;
    await clock.pass(3000);
    expect(database.news).toEqual([
      { mailbox: 'm', pauseMs: expect.any(Number), lowered: undefined },
    ]);
    // It is what is left.
    expect(database.news[0]?.pauseMs).toBeLessThan(30_000);
  });

  it('is told once for each mailbox after an outage', async () => {
    const one = await single();
    one.ask(1);
    await settled();
    database.isAway = true;
    for (let count = 0; count < 20; count += 1) one.lease.paused(clock.now() + 30_000 + count);
    one.lease.lowered({ limit: 3, loweredAtMs: clock.now() });
    one.lease.lowered({ limit: 2, loweredAtMs: clock.now() });
    await settled();
    database.isAway = false;
    await clock.pass(3000);
    expect(database.news.map(({ lowered }) => lowered?.limit)).toEqual([undefined, 2]);
  });

  it('is the newest limit that a process has learned, also when an older one is told later', async () => {
    const [older, newer] = await pair();
    for (const each of [older, newer]) each.ask(1);
    await clock.pass(SOON_MS);
    const nowMs = clock.now();
    newer.lease.lowered({ limit: 1, loweredAtMs: nowMs - 30_000 });
    await settled();
    older.lease.lowered({ limit: 3, loweredAtMs: nowMs - 600_000 });
    await settled();
    expect(database.news.map(({ lowered }) => lowered?.limit)).toEqual([1, 3]);
    newer.learned = undefined;
    await clock.pass(10_000);
    expect(newer.learned).toEqual({ limit: 1, loweredAtMs: nowMs - 30_000 });
  });
});

describe('a process without its database', () => {
  it('remembers no request that has ended', async () => {
    database.isAway = true;
    const one = await single();
    await clock.pass(leaseMs(TIMES) + 3000);
    for (let count = 0; count < 20; count += 1) {
      one.ask(1);
      expect(one.running).toBe(1);
      one.end();
    }
    expect(one.lease.holding.ownRequests.length).toBeLessThan(2);
    await clock.pass(2000);
    expect(one.lease.isIdle).toBe(true);
  });
});

describe('a process without demand', () => {
  it('stays in contact when the time for it comes while it looks', async () => {
    const one = await single();
    // A contact is due at a third of a lease.
    await clock.pass(leaseMs(TIMES) / 3 - SOON_MS - 1);
    clock.creepMs = 0.4;
    one.permits.hear({ kind: 'recovering', forMs: 60_000 });
    clock.creepMs = 0;
    await clock.pass(SOON_MS);
    expect(database.statements).toEqual(['connect', 'contact', 'contact']);
  });
});

describe('a process that stops', () => {
  it('gives up what it was about to hand over', async () => {
    const [one, other] = await pair();
    one.ask(4);
    await settled();
    other.ask(4);
    await settled();
    const arrive = database.holdReplies();
    await clock.pass(2000);
    one.end(4);
    const closed = one.permits.close();
    arrive();
    await closed;
    expect(database.held('a', 'm')).toBe(0);
  });
});
