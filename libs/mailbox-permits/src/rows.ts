import type { PermitKey } from './held-permits.ts';
import type { WaitingReplica } from './shares.ts';

/** A permit of a mailbox. Mailboxes are named by their digests. */
export interface PermitRow extends PermitKey {
  readonly mailbox: string;
}

/** A limit that Graph has taught, and how long ago. */
export interface LoweredLimit {
  readonly limit: number;
  readonly agoMs: number;
}

/** What the database knows of a mailbox. */
export interface MailboxNews {
  readonly mailbox: string;
  /** Other replicas that wait. */
  readonly waiting: readonly WaitingReplica[];
  /** Permits of other processes. */
  readonly heldElsewhere: number;
  /** What is left of a pause; not positive without one. */
  readonly pauseMs: number;
  readonly lowered: LoweredLimit | undefined;
}

/** What every statement that reads the rows brings back. */
export interface RowsReply {
  /** What is left of the recovery after the database was away; not positive without one. */
  readonly recoveringMs: number;
  /** Processes that were seen in the last ten minutes, with this one. */
  readonly processes: number;
  readonly mailboxes: readonly MailboxNews[];
}

export interface ContactReply extends RowsReply {
  readonly renewed: readonly PermitRow[];
}

export interface TakeReply extends RowsReply {
  readonly taken: readonly PermitRow[];
}

export interface WantedPermits {
  readonly mailbox: string;
  /** Requests that are in flight or wait. */
  readonly wanted: number;
}

export interface TakeRequest extends WantedPermits {
  /** Permits to take, at most. */
  readonly count: number;
}

export interface FreedPermit {
  readonly mailbox: string;
  /** The process that gets it; undefined for all. */
  readonly to: string | undefined;
}

export interface WaitingFor extends WantedPermits {
  readonly held: number;
}

/** What another process says. */
export type RowsEvent =
  /** It waits for permits, or has enough. */
  | { readonly kind: 'waits'; readonly mailbox: string; readonly replica: WaitingReplica }
  /** It has given permits up. */
  | ({ readonly kind: 'freed' } & FreedPermit)
  | { readonly kind: 'news'; readonly news: Omit<MailboxNews, 'waiting' | 'heldElsewhere'> }
  | { readonly kind: 'recovering'; readonly forMs: number };

/**
 * The rows of permits in the database. Each method is one statement. It rejects when the end of the
 * statement is not known, and the next one uses another connection.
 */
export interface PermitRows {
  /** Identifies this process. */
  readonly process: string;
  /** Whether the next statement uses the connection of the last one. */
  readonly isConnected: boolean;
  /** Whether what others say arrives here. */
  readonly isHearing: boolean;
  /** The name of a mailbox in the database. Call it only when connected. */
  digest(mailbox: string): string;
  connect(): Promise<void>;
  /**
   * Says that the process lives, renews its permits, and replaces what it waits for. Frees what an
   * earlier connection of the process has taken and the process does not know of.
   */
  contact(held: readonly PermitRow[], waiting: readonly WantedPermits[]): Promise<ContactReply>;
  /** Takes free permits. Where there are too few, other processes hear of it. */
  take(requests: readonly TakeRequest[], share: number): Promise<TakeReply>;
  /**
   * Gives permits up, and says so to others.
   *
   * @param waiting mailboxes for which the process now waits itself, or waits no longer
   */
  give(
    permits: readonly PermitRow[],
    freed: readonly FreedPermit[],
    waiting: readonly WaitingFor[],
  ): Promise<void>;
  tell(news: Omit<MailboxNews, 'waiting' | 'heldElsewhere'>): Promise<void>;
  /** Gives everything up at the end of the process. */
  leave(permits: readonly PermitRow[]): Promise<void>;
  close(): Promise<void>;
}
