import type { Clock, PermitsEvents, PermitSource } from '@bookings/graph-client';
import { ActiveLeases, type GivenRow, toRow } from './active-leases.ts';
import { DatabaseAccess, type LeasedPermitsOptions, type PermitMode } from './database-access.ts';
import { MailboxLease } from './mailbox-lease.ts';
import type { PermitEvents } from './permit-events.ts';
import { contact, give, take } from './permit-statements.ts';
import type { MailboxNews, PermitRows, RowsEvent, RowsReply } from './rows.ts';
import { type UntoldItem, UntoldNews } from './untold-news.ts';
import { leaseMs } from './times.ts';

/** How often permits are renewed while there is demand. */
const RENEW_MS = 2000;
/** The same without demand: less than a lease, so that no outage of a lease goes unnoticed. */
const IDLE_MS = 5000;
/** How often the rows are read when the process does not hear what others say. */
const POLL_MS = 100;

type News = Omit<MailboxNews, 'waiting' | 'heldElsewhere'>;

/**
 * Leases permits from rows that all processes share, and admits requests under them. The database is
 * asked when demand changes, not for each request.
 */
export class LeasedPermits implements PermitSource {
  readonly #access: DatabaseAccess;
  readonly #leases: ActiveLeases;
  #mode: PermitMode = 'shared';
  #given: GivenRow[] = [];
  readonly #news = new UntoldNews();
  #contactedAtMs = -Infinity;
  /** Whether mailboxes have names in the rows: there was a connection. */
  #isNamed = false;
  /** Set when what the rows hold must be read before more is asked for. */
  #mustContact = true;
  #running: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosing = false;

  constructor(
    private readonly rows: PermitRows,
    private readonly options: LeasedPermitsOptions,
    private readonly observer: PermitEvents,
    private readonly clock: Clock,
  ) {
    this.#access = new DatabaseAccess(options);
    this.#leases = new ActiveLeases((mailbox) => rows.digest(mailbox));
  }

  of(mailbox: string, events: PermitsEvents): MailboxLease {
    const lease: MailboxLease = new MailboxLease(
      mailbox,
      {
        ...this.options,
        allowance: (nowMs) => this.#access.allowance(nowMs),
        changed: (nowMs) => {
          this.#changed(lease, nowMs);
        },
        tell: (untilMs, learned) => {
          if (untilMs !== undefined) this.#news.pause(mailbox, untilMs);
          if (learned) this.#news.limit(mailbox, learned);
          this.#run();
        },
      },
      events,
    );
    return lease;
  }

  /** Begins to be seen by the other processes. */
  start(): void {
    this.#run();
  }

  get mode(): PermitMode {
    return this.#mode;
  }

  /** Permits that this process holds. */
  get held(): number {
    return this.#leases.held(this.clock.now());
  }

  #changed(lease: MailboxLease, nowMs: number): void {
    this.#leases.add(lease);
    this.#handOver(lease, nowMs);
    this.#run();
  }

  /** What another process says. */
  hear(event: RowsEvent): void {
    const nowMs = this.clock.now();
    if (event.kind === 'recovering') this.#access.recovering(event.forMs, nowMs);
    else this.#hearOf(event, nowMs);
    this.#run();
  }

  /** Gives all permits up that no request uses. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelTimer?.();
    await this.#running;
    // Without the database, the leases end by themselves.
    if (this.rows.isConnected) {
      const given = this.#given.map(toRow);
      const idle = this.#leases.idleRows(this.clock.now());
      await this.rows.leave([...given, ...idle]).catch(() => undefined);
    }
    await this.rows.close();
  }

  #hearOf(event: Exclude<RowsEvent, { kind: 'recovering' }>, nowMs: number): void {
    const lease = this.#leases.find(event.kind === 'news' ? event.news.mailbox : event.mailbox);
    if (!lease) return;
    switch (event.kind) {
      case 'waits':
        lease.others.hear(event.replica, nowMs);
        this.#handOver(lease, nowMs);
        break;
      case 'freed':
        if (event.to !== undefined && event.to !== this.rows.process) break;
        lease.freed(event.to !== undefined, nowMs);
        break;
      case 'news':
        learn(lease, event.news, nowMs);
    }
  }

  /** Sends one statement after the other, as long as there is something to do. */
  #run(): void {
    if (this.#running !== undefined || this.#isClosing) return;
    const nowMs = this.clock.now();
    const statement = this.#nextStatement(nowMs);
    if (!statement) {
      this.#setTimer(nowMs);
      return;
    }
    // Set before the statement begins, so that what it causes begins no second one.
    this.#running = Promise.resolve()
      .then(() => this.#perform(statement))
      .then(() => {
        this.#running = undefined;
        // There was no timer meanwhile.
        this.#handOverAll();
        this.#run();
      });
  }

  async #perform(statement: () => Promise<void>): Promise<void> {
    const sentAtMs = this.clock.now();
    try {
      this.observer.statement();
      await statement();
      this.#noteMode(undefined);
    } catch (error) {
      this.#access.failed(sentAtMs, this.clock.now());
      this.#mustContact = true;
      this.#leases.forgetIdle(this.clock.now());
      this.#noteMode(error);
    }
  }

  #nextStatement(nowMs: number): (() => Promise<void>) | undefined {
    if (this.#mustContact || !this.rows.isConnected || nowMs >= this.#contactAtMs) {
      return this.#access.mustWait(nowMs) ? undefined : () => this.#contact();
    }
    const all = this.#leases.all;
    const tellers = all.filter(({ tellsWaiting }) => tellsWaiting);
    if (this.#given.length > 0 || tellers.length > 0) return () => this.#give(tellers);
    const untold = this.#news.next(nowMs);
    if (untold) return () => this.#tell(untold);
    const takers = all.filter((lease) => !lease.isWaiting && lease.missing(nowMs) > 0);
    return takers.length > 0 ? () => this.#take(takers) : undefined;
  }

  get #contactAtMs(): number {
    const idleMs = Math.min(IDLE_MS, leaseMs(this.options.times) / 3);
    if (this.#leases.size === 0) return this.#contactedAtMs + idleMs;
    return this.#contactedAtMs + Math.min(this.rows.isHearing ? RENEW_MS : POLL_MS, idleMs);
  }

  async #contact(): Promise<void> {
    if (!this.rows.isConnected) {
      await this.rows.connect();
      this.#isNamed = true;
      if (!this.rows.isHearing) this.observer.polls();
    }
    const sentAtMs = this.clock.now();
    this.#given.push(...this.#leases.dropUnused(sentAtMs));
    const reply = await contact(this.rows, this.#leases, this.options, sentAtMs);
    this.#contactedAtMs = sentAtMs;
    this.#mustContact = false;
    this.#read(reply, sentAtMs);
  }

  async #take(takers: readonly MailboxLease[]): Promise<void> {
    const { share } = this.#access;
    const sentAtMs = this.clock.now();
    const settings = { times: this.options.times, share };
    this.#read(await take(this.rows, this.#leases, takers, settings, sentAtMs), sentAtMs);
  }

  async #give(tellers: readonly MailboxLease[]): Promise<void> {
    // Whether it succeeds or not, the permits are no longer used.
    const given = this.#given.splice(0);
    await give(this.rows, this.#leases, given, tellers, this.clock.now());
    this.observer.handedOver(given.filter(({ to }) => to !== undefined).length);
  }

  async #tell({ news, told }: UntoldItem): Promise<void> {
    await this.rows.tell({ ...news, mailbox: this.rows.digest(news.mailbox) });
    told();
  }

  #read(reply: RowsReply, sentAtMs: number): void {
    const nowMs = this.clock.now();
    this.#access.succeeded(reply, nowMs);
    for (const news of reply.mailboxes) {
      const lease = this.#leases.find(news.mailbox);
      if (!lease) continue;
      lease.heldElsewhere = news.heldElsewhere;
      lease.others.replace(news.waiting, sentAtMs, nowMs);
      learn(lease, news, nowMs);
      this.#handOver(lease, nowMs);
    }
    this.#offer(nowMs);
  }

  /** Lets requests begin that wait. */
  #offer(nowMs: number): void {
    for (const lease of this.#leases.all) {
      if (lease.wanted > lease.inFlight(nowMs)) lease.events.available();
    }
  }

  #handOver(lease: MailboxLease, nowMs: number): void {
    if (!this.#isNamed) return;
    this.#given.push(...this.#leases.handOver(lease, nowMs));
  }

  #handOverAll(): void {
    for (const lease of this.#leases.all) this.#handOver(lease, this.clock.now());
  }

  #noteMode(error: unknown): void {
    const nowMs = this.clock.now();
    const mode = this.#access.mode(nowMs);
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.observer.modeChanged(mode, error);
    this.#offer(nowMs);
  }

  /**
   * Comes back when something is due without an event.
   *
   * @param nowMs when it was seen that nothing is due yet
   */
  #setTimer(nowMs: number): void {
    this.#cancelTimer?.();
    const reviewsMs = this.#leases.all.map((lease) => lease.reviewAtMs(nowMs));
    const due = [this.#contactAtMs, ...this.#access.nextChangesMs(), ...reviewsMs];
    const later = due.filter((atMs) => atMs > nowMs);
    this.#cancelTimer = this.clock.after(Math.max(1, Math.min(...later) - nowMs), () => {
      this.#noteMode(undefined);
      this.#handOverAll();
      this.#run();
    });
  }
}

function learn(lease: MailboxLease, { pauseMs, lowered }: News, nowMs: number): void {
  if (lowered) {
    const { limit, agoMs } = lowered;
    lease.events.learned({ limit, loweredAtMs: nowMs - agoMs });
  }
  if (pauseMs > 0) lease.events.paused(nowMs + pauseMs);
}
