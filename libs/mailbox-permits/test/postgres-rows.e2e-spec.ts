import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresServer } from '@bookings/idempotency/testing/postgres-server';
import * as fc from 'fast-check';
import { PostgresRows } from '../src/postgres-rows.ts';
import type { RowsEvent } from '../src/rows.ts';
import { CHANNEL } from '../src/shared-sql.ts';
import { DatabaseUnderTest, TIMES } from '../src/testing/database-under-test.ts';
import {
  contactRows,
  giveRows,
  type MailboxPermit,
  NO_ROWS,
  type RowsState,
  takeRows,
} from '../src/testing/rows-model.ts';

const LIMITS = { times: TIMES, concurrency: 3, share: 1 };
const START_MS = 1_000_000;

let server: PostgresServer;
let database: DatabaseUnderTest;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  database = await DatabaseUnderTest.create(server);
});
afterEach(() => database.remove());

const seen = async (...processes: string[]): Promise<PostgresRows[]> => {
  const all = await Promise.all(processes.map((process) => database.open(process)));
  for (const rows of all) await rows.contact([], []);
  return all;
};
const take = async (rows: PostgresRows, count: number, mailbox = 'm') =>
  (await rows.take([{ mailbox, count, wanted: count }], 1)).taken;

/** One step of a run: who does what, to which mailbox. */
const steps = fc.array(
  fc.record({
    process: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('contact', 'take', 'take', 'give', 'pass'),
    mailbox: fc.constantFrom('m', 'n'),
    count: fc.integer({ min: 1, max: 3 }),
    // Around a lease of 7 s, and a recovery of 4 s.
    passMs: fc.constantFrom(1, 1999, 3000, 4000, 6999, 7000, 7001),
    // Whether it names permits that it no longer holds, as a late statement does.
    isLate: fc.boolean(),
  }),
  { maxLength: 40 },
);

it('does what the model does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const test = await DatabaseUnderTest.create(server);
      try {
        const names = ['a', 'b', 'c'];
        const all = await Promise.all(
          names.map((name) => test.open(name, { concurrency: LIMITS.concurrency })),
        );
        let model: RowsState = NO_ROWS;
        let nowMs = START_MS;
        const known: MailboxPermit[][] = [[], [], []];
        const ever: MailboxPermit[][] = [[], [], []];
        for (const { process, kind, mailbox, count, passMs, isLate } of run) {
          const rows = all[process];
          const name = names[process];
          const held = (isLate ? ever : known)[process] ?? [];
          if (!rows || name === undefined) throw new Error('there is no such process');
          const sender = { process: name, connection: 1 };
          if (kind === 'pass') {
            nowMs += passMs;
            await test.setClock(nowMs);
          } else if (kind === 'contact') {
            const expected = contactRows(model, sender, held, LIMITS, nowMs);
            const reply = await rows.contact(held, []);
            expect(sorted(reply.renewed)).toEqual(sorted(expected.renewed.map(keyOf)));
            expect(Math.max(0, reply.recoveringMs)).toBe(
              Math.max(0, expected.rows.recoveringUntilMs - nowMs),
            );
            model = expected.rows;
          } else if (kind === 'take') {
            const expected = takeRows(model, sender, { mailbox, count }, LIMITS, nowMs);
            const reply = await rows.take([{ mailbox, count, wanted: count }], LIMITS.share);
            // The sequence counts slots too that another process has just taken.
            expect(reply.taken.map(({ slot }) => slot)).toEqual(
              expected.taken.map(({ slot }) => slot),
            );
            const fences = new Map(
              expected.taken.map(({ fence }, index) => [fence, reply.taken[index]?.fence ?? 0]),
            );
            const permits = expected.rows.permits.map((row) => ({
              ...row,
              fence: fences.get(row.fence) ?? row.fence,
            }));
            const nextFence = Math.max(0, ...permits.map(({ fence }) => fence)) + 1000;
            model = { ...expected.rows, permits, nextFence };
            known[process]?.push(...reply.taken);
            ever[process]?.push(...reply.taken);
          } else {
            model = giveRows(model, sender, held);
            await rows.give(held, [], []);
            known[process] = [];
          }
          const valid = model.permits.filter(({ leaseUntilMs }) => leaseUntilMs > nowMs);
          const expected = valid.map(({ connection, ...row }) => row);
          expect(sorted(await test.permits())).toEqual(sorted(expected));
        }
      } finally {
        await test.remove();
      }
    }),
    { numRuns: 25 },
  );
});

const keyOf = ({ mailbox, slot, fence }: MailboxPermit) => ({ mailbox, slot, fence });
const sorted = <T extends MailboxPermit>(permits: readonly T[]) =>
  permits.toSorted((one, other) =>
    `${one.mailbox} ${one.slot}`.localeCompare(`${other.mailbox} ${other.slot}`),
  );

describe('the rows of permits', () => {
  it('never hold a fifth permit, with many takers at once, at any isolation level', async () => {
    for (const level of ['read committed', 'repeatable read', 'serializable']) {
      const name = new URL(database.url).pathname.slice(1);
      await database.client.query(
        `ALTER DATABASE ${name} SET default_transaction_isolation = '${level}'`,
      );
      const processes = Array.from({ length: 12 }, (_, index) => `${level} ${index}`);
      const all = await Promise.all(processes.map((process) => database.open(process)));
      for (const rows of all) await rows.contact([], []);
      // A statement that conflicts fails, and has taken nothing.
      const taken = await Promise.all(all.map((rows) => take(rows, 2, level).catch(() => [])));
      const slots = taken.flat().map(({ slot }) => slot);
      expect(new Set(slots).size).toBe(slots.length);
      expect(slots.length).toBeGreaterThan(0);
      expect((await database.permits()).length).toBeLessThanOrEqual(4 * 3);
    }
  });

  it('give no fence twice, also after all permits were given up', async () => {
    const [rows] = await seen('a');
    if (!rows) throw new Error('there are no rows');
    const first = await take(rows, 4);
    await rows.give(first, [], []);
    const second = await take(rows, 4);
    expect(Math.min(...second.map(({ fence }) => fence))).toBeGreaterThan(
      Math.max(...first.map(({ fence }) => fence)),
    );
  });

  it('free what an earlier connection took, and nothing that a later one took', async () => {
    const first = await database.open('a');
    await first.contact([], []);
    await take(first, 1);
    const later = await database.open('a');
    await later.close();
    await later.connect();
    await later.contact([], []);
    expect(await database.permits()).toEqual([]);
    await take(later, 1);
    // A statement of the first connection that arrives late.
    await first.contact([], []);
    expect(await database.permits()).toHaveLength(1);
  });

  it('tell other processes who waits, what was freed, a pause and a limit', async () => {
    const heard: RowsEvent[] = [];
    const arrived = (count: number) => until(() => heard.length >= count);
    const other = await database.open('other', { onEvent: (event) => heard.push(event) });
    await other.contact([], []);
    const [rows] = await seen('a');
    if (!rows) throw new Error('there are no rows');
    await take(rows, 6);
    await arrived(1);
    await rows.give([], [{ mailbox: 'm', to: 'other' }], []);
    await rows.tell({ mailbox: 'm', pauseMs: 5000, lowered: undefined });
    await rows.tell({ mailbox: 'm', pauseMs: 0, lowered: { limit: 3, agoMs: 0 } });
    await arrived(4);
    const replica = { process: 'a', wanted: 6, held: 4, waitedMs: 0 };
    expect(heard).toEqual([
      { kind: 'waits', mailbox: 'm', replica },
      { kind: 'freed', mailbox: 'm', to: 'other' },
      { kind: 'news', news: { mailbox: 'm', pauseMs: 5000, lowered: undefined } },
      { kind: 'news', news: { mailbox: 'm', pauseMs: 0, lowered: { limit: 3, agoMs: 0 } } },
    ]);
    const { mailboxes } = await other.contact([], [{ mailbox: 'm', wanted: 1 }]);
    expect(mailboxes).toEqual([
      {
        mailbox: 'm',
        waiting: [replica],
        heldElsewhere: 4,
        pauseMs: 5000,
        lowered: { limit: 3, agoMs: 0 },
      },
    ]);
  });

  it('leave the slots of a learned limit unused, until a quiet minute has passed', async () => {
    const [rows] = await seen('a');
    if (!rows) throw new Error('there are no rows');
    await rows.tell({ mailbox: 'm', pauseMs: 0, lowered: { limit: 2, agoMs: 0 } });
    expect(await take(rows, 4)).toHaveLength(2);
    for (let atMs = 6000; atMs <= 60_000; atMs += 6000) {
      await database.setClock(START_MS + atMs);
      await rows.contact([], []);
    }
    expect(await take(rows, 4)).toHaveLength(3);
  });

  it('tell a limit with its age, when it was learned while the database was away', async () => {
    const heard: RowsEvent[] = [];
    const other = await database.open('other', { onEvent: (event) => heard.push(event) });
    const [rows] = await seen('a');
    const lowered = { limit: 1, agoMs: 125_000 };
    await rows?.tell({ mailbox: 'm', pauseMs: 0, lowered });
    await until(() => heard.length > 0);
    expect(heard).toEqual([{ kind: 'news', news: { mailbox: 'm', pauseMs: 0, lowered } }]);
    const { mailboxes } = await other.contact([], [{ mailbox: 'm', wanted: 1 }]);
    expect(mailboxes).toMatchObject([{ lowered }]);
    // Two quiet minutes have passed.
    expect(await take(other, 4)).toHaveLength(3);
  });

  it('keep the limit that was learned last, in any order of telling', async () => {
    const [rows] = await seen('a');
    const stored = async () =>
      (await rows?.contact([], [{ mailbox: 'm', wanted: 1 }]))?.mailboxes[0]?.lowered;
    const tell = (limit: number, agoMs: number) =>
      rows?.tell({ mailbox: 'm', pauseMs: 0, lowered: { limit, agoMs } });
    await tell(1, 30_000);
    await tell(3, 600_000);
    expect(await stored()).toEqual({ limit: 1, agoMs: 30_000 });
    // A pause does not concern it.
    await rows?.tell({ mailbox: 'm', pauseMs: 5000, lowered: undefined });
    expect(await stored()).toEqual({ limit: 1, agoMs: 30_000 });
    await tell(2, 30_000);
    expect(await stored()).toEqual({ limit: 2, agoMs: 30_000 });
    await tell(3, 29_999);
    expect(await stored()).toEqual({ limit: 3, agoMs: 29_999 });
  });

  it('hear a limit of a release that does not say its age', async () => {
    const heard: RowsEvent[] = [];
    await database.open('other', { onEvent: (event) => heard.push(event) });
    const message = { kind: 'news', process: 'a', mailbox: 'm', pauseMs: null, limit: 2 };
    await database.client.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(message)]);
    await until(() => heard.length > 0);
    const lowered = { limit: 2, agoMs: 0 };
    expect(heard).toEqual([{ kind: 'news', news: { mailbox: 'm', pauseMs: 0, lowered } }]);
  });

  it('count the processes of the last ten minutes, and forget one that left', async () => {
    const [a, b] = await seen('a', 'b');
    expect((await a?.contact([], []))?.processes).toBe(2);
    await b?.leave([]);
    expect((await a?.contact([], []))?.processes).toBe(1);
    await b?.contact([], []);
    await database.setClock(START_MS + 600_001);
    expect((await a?.contact([], []))?.processes).toBe(1);
  });

  it('free a mailbox of what a clock has written that is set back', async () => {
    const [rows] = await seen('a', 'gone');
    const gone = await database.open('gone');
    await rows?.tell({ mailbox: 'm', pauseMs: 30_000, lowered: undefined });
    await rows?.tell({ mailbox: 'm', pauseMs: 0, lowered: { limit: 1, agoMs: 0 } });
    const [slot] = (await rows?.take([{ mailbox: 'm', count: 1, wanted: 1 }], 1))?.taken ?? [];
    await gone.take([{ mailbox: 'm', count: 1, wanted: 1 }], 1);
    await database.setClock(START_MS - 900_000);
    const reply = await rows?.contact(slot ? [slot] : [], []);
    expect(reply?.mailboxes).toEqual([
      { mailbox: 'm', waiting: [], heldElsewhere: 0, pauseMs: 0, lowered: undefined },
    ]);
    expect((await rows?.take([{ mailbox: 'm', count: 3, wanted: 4 }], 1))?.taken).toHaveLength(3);
    // What is told now counts again.
    const lowered = { limit: 2, agoMs: 1000 };
    await rows?.tell({ mailbox: 'm', pauseMs: 20_000, lowered: undefined });
    await rows?.tell({ mailbox: 'm', pauseMs: 0, lowered });
    const [news] = (await rows?.contact([], [{ mailbox: 'm', wanted: 1 }]))?.mailboxes ?? [];
    expect(news).toMatchObject({ pauseMs: 20_000, lowered });
  });

  it('see an outage and begin one recovery after a clock is set back', async () => {
    const [rows] = await seen('a', 'gone');
    // The recovery of another outage.
    await database.setClock(START_MS + 20_000);
    expect((await rows?.contact([], []))?.recoveringMs).toBe(4000);
    await database.setClock(START_MS - 900_000);
    expect((await rows?.contact([], []))?.recoveringMs).toBe(4000);
    await database.setClock(START_MS - 900_000 + 4001);
    expect((await rows?.contact([], []))?.recoveringMs).toBeLessThanOrEqual(0);
    await database.setClock(START_MS - 900_000 + 30_000);
    expect((await rows?.contact([], []))?.recoveringMs).toBe(4000);
  });

  it('ask for the names of mailboxes only when the server answers', async () => {
    const silent = createServer((socket) => socket.resume());
    silent.unref();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('there is no port');
    let asked = 0;
    const rows = new PostgresRows({
      url: `postgres://user@127.0.0.1:${address.port}/none`,
      ...{ process: 'a', times: TIMES, concurrency: 4, onEvent: () => undefined },
      digest: () => {
        asked += 1;
        return Promise.resolve((mailbox) => mailbox);
      },
    });
    await expect(rows.connect()).rejects.toThrow('timeout');
    // The store waits longer than a second for the server, and each failure counts for two.
    expect(asked).toBe(0);
    silent.close();
  });

  it('know that messages arrive', async () => {
    const [rows] = await seen('a');
    expect(rows?.isHearing).toBe(true);
  });
});

/** Resolves when messages have arrived that make the condition true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
