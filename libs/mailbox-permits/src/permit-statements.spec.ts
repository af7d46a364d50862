import { expect, it } from '@jest/globals';
import { ActiveLeases } from './active-leases.ts';
import { MailboxLease } from './mailbox-lease.ts';
import { contact, take } from './permit-statements.ts';
import type { PermitRow } from './rows.ts';
import { ModelDatabase } from './testing/model-database.ts';
import { TestClock } from './testing/test-clock.ts';

const TIMES = { attemptMs: 1000, lingerMs: 1000 };
const COUNT = 200;

it('look at each row of a reply a few times, however many there are', async () => {
  const database = new ModelDatabase({ times: TIMES, concurrency: 4, share: 1 }, new TestClock());
  const rows = database.open('a', () => undefined);
  await rows.connect();
  await rows.contact([], []);
  let looks = 0;
  const counted = (row: PermitRow): PermitRow => ({
    slot: row.slot,
    fence: row.fence,
    get mailbox() {
      looks += 1;
      return row.mailbox;
    },
  });
  const counting = {
    ...{ process: 'a', isConnected: true, isHearing: true },
    digest: rows.digest.bind(rows),
    connect: rows.connect.bind(rows),
    contact: async (...args: Parameters<typeof rows.contact>) => {
      const reply = await rows.contact(...args);
      return { ...reply, renewed: reply.renewed.map(counted) };
    },
    take: async (...args: Parameters<typeof rows.take>) => {
      const reply = await rows.take(...args);
      return { ...reply, taken: reply.taken.map(counted) };
    },
    give: rows.give.bind(rows),
    tell: rows.tell.bind(rows),
    leave: rows.leave.bind(rows),
    close: rows.close.bind(rows),
  };
  const leases = new ActiveLeases((mailbox) => mailbox);
  const owner = {
    times: TIMES,
    concurrency: 4,
    allowance: () => ({ atMost: Infinity, needsPermit: true }),
    changed: () => undefined,
    tell: () => undefined,
  };
  const events = {
    available: () => undefined,
    paused: () => undefined,
    learned: () => undefined,
  };
  for (let mailbox = 0; mailbox < COUNT; mailbox += 1) {
    const lease = new MailboxLease(`m${mailbox}`, owner, events);
    lease.demand(1, 0);
    leases.add(lease);
  }
  await take(counting, leases, leases.all, { times: TIMES, share: 1 }, 0);
  await contact(counting, leases, owner, 0);
  expect(leases.held(0)).toBe(COUNT);
  expect(looks).toBeLessThan(10 * COUNT);
});
