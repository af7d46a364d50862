import type { PermitKey } from '../held-permits.ts';
import { leaseMs, type PermitTimes, recoveryMs } from '../times.ts';

/** A row of a permit, in the database's time. */
export interface ModelRow extends PermitKey {
  readonly mailbox: string;
  readonly process: string;
  readonly connection: number;
  readonly leaseUntilMs: number;
}

/** What the database holds. */
export interface RowsState {
  readonly permits: readonly ModelRow[];
  readonly nextFence: number;
  readonly recoveringUntilMs: number;
  /** When each process was last seen. */
  readonly seen: Readonly<Record<string, number>>;
}

export const NO_ROWS: RowsState = { permits: [], nextFence: 1, recoveringUntilMs: 0, seen: {} };

/** The connection of a process that sends a statement. */
export interface Sender {
  readonly process: string;
  readonly connection: number;
}

export interface Limits {
  readonly times: PermitTimes;
  readonly concurrency: number;
  readonly share: number;
}

export type MailboxPermit = PermitKey & { readonly mailbox: string };

const isSame = (row: MailboxPermit, permit: MailboxPermit) =>
  row.mailbox === permit.mailbox && row.slot === permit.slot && row.fence === permit.fence;

/** What the statement CONTACT does. */
export function contactRows(
  rows: RowsState,
  sender: Sender,
  held: readonly MailboxPermit[],
  { times }: Limits,
  nowMs: number,
): { rows: RowsState; renewed: readonly MailboxPermit[] } {
  const isKnown = (row: ModelRow) => held.some((permit) => isSame(row, permit));
  const isOwn = ({ process }: ModelRow) => process === sender.process;
  const renewed = rows.permits.filter(
    (row) => isOwn(row) && isKnown(row) && row.leaseUntilMs > nowMs,
  );
  const kept = rows.permits.filter(
    (row) => !isOwn(row) || isKnown(row) || row.connection >= sender.connection,
  );
  const permits = kept.map((row) =>
    renewed.includes(row)
      ? { ...row, connection: sender.connection, leaseUntilMs: nowMs + leaseMs(times) }
      : row,
  );
  const lastSeenMs = Math.max(...Object.values(rows.seen));
  const wasAway = Number.isFinite(lastSeenMs) && lastSeenMs < nowMs - leaseMs(times);
  const begins = wasAway && rows.recoveringUntilMs <= nowMs;
  const recoveringUntilMs = begins ? nowMs + recoveryMs(times) : rows.recoveringUntilMs;
  const seen = { ...rows.seen, [sender.process]: nowMs };
  return { rows: { ...rows, permits, recoveringUntilMs, seen }, renewed };
}

/** What the statement TAKE does. */
export function takeRows(
  rows: RowsState,
  sender: Sender,
  { mailbox, count }: { readonly mailbox: string; readonly count: number },
  { times, concurrency, share }: Limits,
  nowMs: number,
): { rows: RowsState; taken: readonly MailboxPermit[] } {
  const valid = rows.permits.filter((row) => row.mailbox === mailbox && row.leaseUntilMs > nowMs);
  const own = valid.filter(({ process }) => process === sender.process).length;
  const isRecovering = rows.recoveringUntilMs > nowMs;
  const wasSeen = (rows.seen[sender.process] ?? -Infinity) >= nowMs - leaseMs(times);
  const most = isRecovering ? Math.max(0, share - own) : concurrency;
  const allowed = wasSeen ? Math.min(count, most) : 0;
  const taken = Array.from({ length: concurrency }, (_, slot) => slot)
    .filter((slot) => !valid.some((row) => row.slot === slot))
    .slice(0, allowed)
    .map((slot, index) => ({ mailbox, slot, fence: rows.nextFence + index }));
  const isTaken = (row: ModelRow) =>
    row.mailbox === mailbox && taken.some(({ slot }) => slot === row.slot);
  const added = taken.map((each) => ({
    ...each,
    ...sender,
    leaseUntilMs: nowMs + leaseMs(times),
  }));
  return {
    rows: {
      ...rows,
      permits: [...rows.permits.filter((row) => !isTaken(row)), ...added],
      nextFence: rows.nextFence + taken.length,
    },
    taken,
  };
}

/** What the statement GIVE does. */
export function giveRows(
  rows: RowsState,
  { process }: Sender,
  given: readonly MailboxPermit[],
): RowsState {
  const isGiven = (row: ModelRow) =>
    row.process === process && given.some((permit) => isSame(row, permit));
  return { ...rows, permits: rows.permits.filter((row) => !isGiven(row)) };
}
