import type { Message } from './messages.ts';
import type { MailboxNews, PermitRow, RowsEvent, RowsReply } from './rows.ts';

/** What a statement that reads the rows returns. */
export interface ReplyRow {
  readonly processes: number;
  readonly recovering_ms: number;
  readonly mailboxes: readonly (Omit<MailboxNews, 'lowered'> & {
    readonly loweredLimit: number | null;
    readonly loweredAgoMs: number | null;
  })[];
}

/** Mailboxes, slots and fences, as parameters of a statement. */
export function columns(permits: readonly PermitRow[]): [string[], number[], number[]] {
  return [
    permits.map(({ mailbox }) => mailbox),
    permits.map(({ slot }) => slot),
    permits.map(({ fence }) => fence),
  ];
}

/** @throws Error when the statement returned no row */
export function toReply(row: ReplyRow | undefined): RowsReply {
  if (!row) throw new Error('PostgreSQL answered without a row');
  return {
    processes: row.processes,
    recoveringMs: row.recovering_ms,
    mailboxes: row.mailboxes.map(({ loweredLimit, loweredAgoMs, ...news }) => ({
      ...news,
      lowered:
        loweredLimit === null || loweredAgoMs === null
          ? undefined
          : { limit: loweredLimit, agoMs: loweredAgoMs },
    })),
  };
}

export function toEvent(message: Message): RowsEvent {
  switch (message.kind) {
    case 'waits': {
      const { mailbox, process, wanted, held } = message;
      return { kind: 'waits', mailbox, replica: { process, wanted, held, waitedMs: 0 } };
    }
    case 'freed':
      return { kind: 'freed', mailbox: message.mailbox, to: message.to ?? undefined };
    case 'news': {
      const { mailbox, pauseMs, limit, limitAgoMs = 0 } = message;
      const lowered = limit === null ? undefined : { limit, agoMs: limitAgoMs };
      return { kind: 'news', news: { mailbox, pauseMs: pauseMs ?? 0, lowered } };
    }
    case 'recovering':
      return { kind: 'recovering', forMs: message.forMs };
  }
}
