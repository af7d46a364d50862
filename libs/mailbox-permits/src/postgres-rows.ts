import type pg from 'pg';
import { end, openConnection } from './permit-connection.ts';
import type {
  ContactReply,
  FreedPermit,
  MailboxNews,
  PermitRow,
  PermitRows,
  RowsEvent,
  TakeReply,
  TakeRequest,
  WaitingFor,
  WantedPermits,
} from './rows.ts';
import { CONTACT, GIVE, LEAVE, TAKE, TELL } from './statements.ts';
import { type PermitTimes, leaseMs, recoveryMs } from './times.ts';
import { type Message, readMessage } from './messages.ts';
import { columns, type ReplyRow, toEvent, toReply } from './row-values.ts';

/** The limit that Graph documents for an application and a booking mailbox. */
const DOCUMENTED_LIMIT = 4;

export interface PostgresRowsOptions {
  /** A connection URI of libpq. */
  readonly url: string;
  /** Identifies this process among all. */
  readonly process: string;
  readonly times: PermitTimes;
  readonly concurrency: number;
  /** How a mailbox is named in the database. It is asked for with every connection. */
  readonly digest: () => Promise<(mailbox: string) => string>;
  readonly onEvent: (event: RowsEvent) => void;
}

type Fresh<T> = T extends unknown ? Omit<T, 'process'> : never;

type News = Omit<MailboxNews, 'waiting' | 'heldElsewhere'>;

/** The rows of permits in PostgreSQL, on a connection of their own. */
export class PostgresRows implements PermitRows {
  readonly process: string;
  #client: pg.Client | undefined;
  /** Counts the connections. A statement of an earlier one may still arrive at the server. */
  #connection = 0;
  #isHearing = false;
  #digest: ((mailbox: string) => string) | undefined;
  #isPrepared = false;

  constructor(private readonly options: PostgresRowsOptions) {
    this.process = options.process;
  }

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  get isHearing(): boolean {
    return this.#isHearing;
  }

  digest(mailbox: string): string {
    if (!this.#digest) throw new Error('the rows are not connected');
    return this.#digest(mailbox);
  }

  async connect(): Promise<void> {
    if (this.#client) return;
    const { client, isHearing } = await openConnection(this.options.url, this.#isPrepared, {
      lost: (gone) => {
        if (this.#client === gone) this.#client = undefined;
      },
      message: (payload) => {
        this.#hear(payload);
      },
    });
    this.#isPrepared = true;
    try {
      // Only now: the store waits longer for the server, and a failure must be noticed soon.
      this.#digest = await this.options.digest();
    } catch (error) {
      end(client);
      throw error;
    }
    this.#connection += 1;
    this.#isHearing = isHearing;
    this.#client = client;
  }

  async contact(
    held: readonly PermitRow[],
    waiting: readonly WantedPermits[],
  ): Promise<ContactReply> {
    const { times } = this.options;
    const [reply] = await this.#run<ReplyRow & { readonly renewed: readonly PermitRow[] }>(
      CONTACT,
      [
        ...[this.process, this.#connection, leaseMs(times), recoveryMs(times)],
        ...columns(held),
        ...[waiting.map(({ mailbox }) => mailbox), waiting.map(({ wanted }) => wanted)],
      ],
    );
    return { ...toReply(reply), renewed: reply?.renewed ?? [] };
  }

  async take(requests: readonly TakeRequest[], share: number): Promise<TakeReply> {
    const { times, concurrency } = this.options;
    const [reply] = await this.#run<ReplyRow & { readonly taken: readonly PermitRow[] }>(TAKE, [
      ...[this.process, this.#connection, leaseMs(times), concurrency, share],
      requests.map(({ mailbox }) => mailbox),
      requests.map(({ count }) => count),
      requests.map(({ wanted }) => wanted),
    ]);
    return { ...toReply(reply), taken: reply?.taken ?? [] };
  }

  async give(
    permits: readonly PermitRow[],
    freed: readonly FreedPermit[],
    waiting: readonly WaitingFor[],
  ): Promise<void> {
    const unmet = waiting.filter(({ wanted, held }) => wanted > held);
    await this.#run(GIVE, [
      this.process,
      ...columns(permits),
      unmet.map(({ mailbox }) => mailbox),
      unmet.map(({ wanted }) => wanted),
      [
        ...freed.map(({ mailbox, to }) =>
          this.#message({ kind: 'freed', mailbox, to: to ?? null }),
        ),
        ...waiting.map((each) => this.#message({ kind: 'waits', ...each })),
      ],
    ]);
  }

  async tell({ mailbox, pauseMs, lowered }: News): Promise<void> {
    const pause = pauseMs > 0 ? Math.ceil(pauseMs) : null;
    const limit = lowered?.limit ?? null;
    // It may have been learned while the database was away.
    const limitAgoMs = Math.ceil(Math.max(0, lowered?.agoMs ?? 0));
    const message = this.#message({ kind: 'news', mailbox, pauseMs: pause, limit, limitAgoMs });
    await this.#run(TELL, [DOCUMENTED_LIMIT, mailbox, pause, limit, message, limitAgoMs]);
  }

  async leave(permits: readonly PermitRow[]): Promise<void> {
    const mailboxes = [...new Set(permits.map(({ mailbox }) => mailbox))];
    const messages = mailboxes.map((mailbox) =>
      this.#message({ kind: 'freed', mailbox, to: null }),
    );
    await this.#run(LEAVE, [this.process, ...columns(permits), messages]);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #run<Row extends pg.QueryResultRow>(
    statement: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const client = this.#client;
    if (!client) throw new Error('the connection to PostgreSQL was lost');
    try {
      const { rows } = await client.query<Row>(statement, [...values]);
      return rows;
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      end(client);
      throw error;
    }
  }

  #message(message: Fresh<Message>): string {
    return JSON.stringify({ ...message, process: this.process });
  }

  #hear(payload: string): void {
    const message = readMessage(payload);
    if (!message || message.process === this.process) return;
    this.options.onEvent(toEvent(message));
  }
}
