import { type ActiveLeases, type GivenRow, toRow } from './active-leases.ts';
import { afterRenewal, withTaken } from './held-permits.ts';
import type { MailboxLease } from './mailbox-lease.ts';
import type { PermitRow, PermitRows, RowsReply } from './rows.ts';
import type { PermitTimes } from './times.ts';

/** Says that the process lives, and renews what it holds. */
export async function contact(
  rows: PermitRows,
  leases: ActiveLeases,
  { times, concurrency }: { readonly times: PermitTimes; readonly concurrency: number },
  sentAtMs: number,
): Promise<RowsReply> {
  const held = leases.rows();
  const reply = await rows.contact(held, leases.waiting());
  // With thousands of mailboxes, a search for each would hold up all requests.
  const [heldAt, renewedAt] = [byMailbox(held), byMailbox(reply.renewed)];
  const heldElsewhere = new Map(reply.mailboxes.map((news) => [news.mailbox, news.heldElsewhere]));
  for (const lease of leases.all) {
    const mailbox = leases.digestOf(lease);
    const renewed = renewedAt.get(mailbox) ?? [];
    lease.holding = afterRenewal(
      lease.holding,
      heldAt.get(mailbox) ?? [],
      renewed,
      times,
      sentAtMs,
    );
    // A permit may have become free unheard.
    const taken = (heldElsewhere.get(mailbox) ?? 0) + lease.held(sentAtMs);
    if (taken < concurrency) lease.isWaiting = false;
  }
  return reply;
}

/** Takes what the leases need. Those that get too few wait to hear of more. */
export async function take(
  rows: PermitRows,
  leases: ActiveLeases,
  takers: readonly MailboxLease[],
  { times, share }: { readonly times: PermitTimes; readonly share: number },
  sentAtMs: number,
): Promise<RowsReply> {
  const requests = takers.map((lease) => ({
    mailbox: leases.digestOf(lease),
    wanted: lease.wanted,
    count: lease.missing(sentAtMs),
  }));
  for (const lease of takers) lease.beginTake();
  const reply = await rows.take(requests, share).catch((error: unknown) => {
    for (const lease of takers) lease.endTake(false);
    throw error;
  });
  const takenAt = byMailbox(reply.taken);
  for (const [index, lease] of takers.entries()) {
    const taken = takenAt.get(requests[index]?.mailbox ?? '') ?? [];
    lease.holding = withTaken(lease.holding, taken, times, sentAtMs);
    lease.endTake(taken.length < (requests[index]?.count ?? 0));
  }
  return reply;
}

/** Gives permits up, and says which leases wait now or wait no longer. */
export async function give(
  rows: PermitRows,
  leases: ActiveLeases,
  given: readonly GivenRow[],
  tellers: readonly MailboxLease[],
  nowMs: number,
): Promise<void> {
  const passedOn = tellers.filter((lease) => lease.offersSurplus);
  for (const lease of tellers) lease.tellsWaiting = lease.offersSurplus = false;
  await rows.give(
    given.map(toRow),
    [
      ...given.map(({ mailbox, to }) => ({ mailbox, to })),
      ...passedOn.map((lease) => ({ mailbox: leases.digestOf(lease), to: undefined })),
    ],
    tellers.map((lease) => ({
      mailbox: leases.digestOf(lease),
      wanted: lease.isWaiting ? lease.wanted : 0,
      held: lease.held(nowMs),
    })),
  );
}

function byMailbox(rows: readonly PermitRow[]): ReadonlyMap<string, readonly PermitRow[]> {
  return Map.groupBy(rows, ({ mailbox }) => mailbox);
}
