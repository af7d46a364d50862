import type { Clock, LearnedLimit } from '@bookings/graph-client';
import type {
  ContactReply,
  FreedPermit,
  LoweredLimit,
  MailboxNews,
  PermitRow,
  PermitRows,
  RowsEvent,
  TakeReply,
  TakeRequest,
  WaitingFor,
  WantedPermits,
} from '../rows.ts';
import { contactRows, giveRows, type Limits, NO_ROWS, takeRows } from './rows-model.ts';

type News = Omit<MailboxNews, 'waiting' | 'heldElsewhere'>;
type Waiter = WantedPermits & { readonly process: string; readonly sinceMs: number };

/** A database of the model of the rows, with the messages between processes. */
export class ModelDatabase {
  rows = NO_ROWS;
  waiters: readonly Waiter[] = [];
  readonly news: News[] = [];
  /** By mailbox. TAKE does not regard them in the model. */
  readonly #limits = new Map<string, LearnedLimit>();
  isAway = false;
  /** Names of the statements, in their order. */
  readonly statements: string[] = [];
  #replies: Promise<undefined> | undefined;
  readonly #processes: ModelRows[] = [];

  constructor(
    readonly limits: Limits,
    readonly clock: Clock,
  ) {}

  open(process: string, onEvent: (event: RowsEvent) => void): ModelRows {
    const rows = new ModelRows(this, process, onEvent);
    this.#processes.push(rows);
    return rows;
  }

  /** Statements are carried out, but their replies do not arrive. @returns lets them arrive */
  holdReplies(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#replies = promise;
    return () => {
      this.#replies = undefined;
      resolve(undefined);
    };
  }

  async run<T>(name: string, statement: () => T): Promise<T> {
    this.statements.push(name);
    if (this.isAway) throw new Error('the database is away');
    const reply = statement();
    await this.#replies;
    return reply;
  }

  say(from: ModelRows, event: RowsEvent): void {
    const others = this.#processes.filter((each) => each !== from && each.isConnected);
    for (const { onEvent } of others) onEvent(event);
  }

  held(process: string, mailbox: string): number {
    const nowMs = this.clock.now();
    return this.rows.permits.filter(
      (row) => row.process === process && row.mailbox === mailbox && row.leaseUntilMs > nowMs,
    ).length;
  }

  wait(process: string, { mailbox, wanted }: WantedPermits, sinceMs: number): void {
    this.satisfy(process, mailbox);
    this.waiters = [...this.waiters, { process, mailbox, wanted, sinceMs }];
  }

  satisfy(process: string, mailbox?: string): void {
    this.waiters = this.waiters.filter(
      (each) => each.process !== process || (mailbox !== undefined && each.mailbox !== mailbox),
    );
  }

  /** What the statement TELL stores. */
  store({ mailbox, lowered }: News): void {
    if (!lowered) return;
    const loweredAtMs = this.clock.now() - lowered.agoMs;
    const known = this.#limits.get(mailbox);
    if (known && known.loweredAtMs > loweredAtMs) return;
    this.#limits.set(mailbox, { limit: lowered.limit, loweredAtMs });
  }

  reply(process: string, mailboxes: readonly string[]) {
    const nowMs = this.clock.now();
    const others = Object.keys(this.rows.seen).filter((each) => each !== process);
    return {
      recoveringMs: this.rows.recoveringUntilMs - nowMs,
      processes: others.length + 1,
      mailboxes: [...new Set(mailboxes)].map((mailbox) => ({
        mailbox,
        waiting: this.waiters
          .filter((each) => each.mailbox === mailbox && each.process !== process)
          .map((each) => ({
            process: each.process,
            wanted: each.wanted,
            held: this.held(each.process, mailbox),
            waitedMs: nowMs - each.sinceMs,
          })),
        heldElsewhere: others.reduce((sum, other) => sum + this.held(other, mailbox), 0),
        pauseMs: 0,
        lowered: this.#loweredAt(mailbox, nowMs),
      })),
    };
  }

  #loweredAt(mailbox: string, nowMs: number): LoweredLimit | undefined {
    const known = this.#limits.get(mailbox);
    return known && { limit: known.limit, agoMs: nowMs - known.loweredAtMs };
  }
}

class ModelRows implements PermitRows {
  isConnected = false;
  readonly isHearing = true;
  #connection = 0;

  constructor(
    private readonly database: ModelDatabase,
    readonly process: string,
    readonly onEvent: (event: RowsEvent) => void,
  ) {}

  digest(mailbox: string): string {
    if (this.#connection === 0) throw new Error('the rows are not connected');
    return mailbox;
  }

  async connect(): Promise<void> {
    await this.#run('connect', () => {
      this.#connection += 1;
      this.isConnected = true;
    });
  }

  contact(held: readonly PermitRow[], waiting: readonly WantedPermits[]): Promise<ContactReply> {
    const { database } = this;
    return this.#run('contact', () => {
      const nowMs = database.clock.now();
      const { rows, renewed } = contactRows(
        database.rows,
        this.#sender,
        held,
        database.limits,
        nowMs,
      );
      database.rows = rows;
      const since = new Map(
        database.waiters
          .filter(({ process }) => process === this.process)
          .map(({ mailbox, sinceMs }) => [mailbox, sinceMs]),
      );
      database.satisfy(this.process);
      for (const each of waiting) {
        database.wait(this.process, each, since.get(each.mailbox) ?? nowMs);
      }
      const concerned = [...held, ...waiting].map(({ mailbox }) => mailbox);
      return { ...database.reply(this.process, concerned), renewed };
    });
  }

  take(requests: readonly TakeRequest[], share: number): Promise<TakeReply> {
    const { database } = this;
    return this.#run('take', () => {
      const nowMs = database.clock.now();
      const all = requests.flatMap((request) => {
        const limits = { ...database.limits, share };
        const { rows, taken } = takeRows(database.rows, this.#sender, request, limits, nowMs);
        database.rows = rows;
        if (taken.length < request.count) {
          database.wait(this.process, request, nowMs);
          this.#sayWaits({ ...request, held: database.held(this.process, request.mailbox) });
        }
        return taken;
      });
      const concerned = requests.map(({ mailbox }) => mailbox);
      return { ...database.reply(this.process, concerned), taken: all };
    });
  }

  give(
    permits: readonly PermitRow[],
    freed: readonly FreedPermit[],
    waiting: readonly WaitingFor[],
  ): Promise<void> {
    const { database } = this;
    return this.#run('give', () => {
      database.rows = giveRows(database.rows, this.#sender, permits);
      for (const each of waiting.filter(({ wanted, held }) => wanted > held)) {
        database.wait(this.process, each, database.clock.now());
      }
      for (const each of freed) database.say(this, { kind: 'freed', ...each });
      for (const each of waiting) this.#sayWaits(each);
    });
  }

  tell(news: News): Promise<void> {
    return this.#run('tell', () => {
      this.database.news.push(news);
      this.database.store(news);
      this.database.say(this, { kind: 'news', news });
    });
  }

  leave(permits: readonly PermitRow[]): Promise<void> {
    const { database } = this;
    return this.#run('leave', () => {
      database.rows = giveRows(database.rows, this.#sender, permits);
      database.satisfy(this.process);
      for (const { mailbox } of permits) {
        database.say(this, { kind: 'freed', mailbox, to: undefined });
      }
    });
  }

  close(): Promise<void> {
    this.isConnected = false;
    return Promise.resolve();
  }

  get #sender() {
    return { process: this.process, connection: this.#connection };
  }

  #sayWaits({ mailbox, wanted, held }: WaitingFor): void {
    const replica = { process: this.process, wanted, held, waitedMs: 0 };
    this.database.say(this, { kind: 'waits', mailbox, replica });
  }

  async #run<T>(name: string, statement: () => T): Promise<T> {
    try {
      return await this.database.run(name, statement);
    } catch (error) {
      this.isConnected = false;
      throw error;
    }
  }
}
