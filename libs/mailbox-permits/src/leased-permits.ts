import type {
  Clock,
  LearnedLimit,
  Permits,
  PermitsEvents,
  PermitSource,
} from '@bookings/graph-client';
import {
  type Access,
  afterFailure,
  afterSuccess,
  type Allowance,
  allowanceAt,
  NO_ACCESS_YET,
  ownShare,
  usesOwnShare,
} from './access.ts';
import { afterRenewal, withoutEnded, withTaken } from './held-permits.ts';
import { type LeaseOwner, MailboxLease } from './mailbox-lease.ts';
import type { MailboxNews, PermitRow, PermitRows, RowsEvent, RowsReply } from './rows.ts';
import { type Given } from './mailbox-lease.ts';
import { leaseMs, type PermitTimes } from './times.ts';

/** How often permits are renewed while there is demand. */
const RENEW_MS = 2000;
/** The same without demand: less than a lease, so that no outage of a lease goes unnoticed. */
const IDLE_MS = 5000;
/** How often the rows are read when the process does not hear what others say. */
const POLL_MS = 100;
/** How long after a statement that failed the next one is sent. */
const RETRY_MS = 1000;
/** How long a process waits to hear itself. */
const HEARING_MS = 1000;
/** How long a permit is kept that no request uses. */
const KEEP_MS = 10_000;

export interface LeasedPermitsOptions {
  readonly times: PermitTimes;
  /** Permits of each mailbox, over all processes. */
  readonly concurrency: number;
  /** How many processes there are, at least. */
  readonly replicas: number;
}

/** How the process may use the mailboxes. */
export type PermitMode = 'shared' | 'recovering' | 'waiting' | 'own-share';

/** What happens to the permits, for metrics and the log. Implementations never throw. */
export interface PermitEvents {
  /** A statement was sent. */
  statement(): void;
  /** Permits were given up for another process. */
  handedOver(count: number): void;
  modeChanged(mode: PermitMode, error: unknown): void;
  /** The process does not hear what others say, so it polls. */
  polls(): void;
}

type News = Omit<MailboxNews, 'waiting' | 'heldElsewhere'>;

/**
 * Leases permits from rows that all processes share, and admits requests under them. The database is
 * asked when demand changes, not for each request.
 */
export class LeasedPermits implements PermitSource, LeaseOwner {
  readonly times: PermitTimes;
  readonly concurrency: number;
  #access: Access = NO_ACCESS_YET;
  #mode: PermitMode = 'shared';
  #processes = 1;
  /** Those that hold or need something. */
  readonly #leases = new Map<string, MailboxLease>();
  readonly #byDigest = new Map<string, MailboxLease>();
  #given: (Given & { readonly mailbox: string })[] = [];
  #news: News[] = [];
  #contactedAtMs = -Infinity;
  #connectedAtMs = -Infinity;
  /** Set when what the rows hold must be read before more is asked for. */
  #mustContact = true;
  #running: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosing = false;
  #polls = false;

  constructor(
    private readonly rows: PermitRows,
    private readonly options: LeasedPermitsOptions,
    private readonly observer: PermitEvents,
    private readonly clock: Clock,
  ) {
    this.times = options.times;
    this.concurrency = options.concurrency;
  }

  of(mailbox: string, events: PermitsEvents): Permits {
    return new MailboxLease(mailbox, this, events);
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
    const nowMs = this.clock.now();
    return [...this.#leases.values()].reduce((sum, lease) => sum + lease.held(nowMs), 0);
  }

  allowance(nowMs: number): Allowance {
    return allowanceAt(this.#access, this.times, this.#share, nowMs);
  }

  changed(lease: MailboxLease, nowMs: number): void {
    this.#leases.set(lease.mailbox, lease);
    this.#handOver(lease, nowMs);
    this.#run();
  }

  tell(lease: MailboxLease, untilMs: number | undefined, learned: LearnedLimit | undefined): void {
    if (!this.#isKnown) return;
    this.#news.push({
      mailbox: this.#digestOf(lease),
      pauseMs: untilMs === undefined ? 0 : untilMs - this.clock.now(),
      lowered: learned && { limit: learned.limit, agoMs: 0 },
    });
    this.#run();
  }

  /** What another process says. */
  hear(event: RowsEvent): void {
    const nowMs = this.clock.now();
    if (event.kind === 'recovering') {
      const untilMs = Math.max(this.#access.recoveringUntilMs, nowMs + event.forMs);
      this.#access = { ...this.#access, recoveringUntilMs: untilMs };
      this.#run();
      return;
    }
    const lease = this.#byDigest.get(event.kind === 'news' ? event.news.mailbox : event.mailbox);
    if (!lease) return;
    if (event.kind === 'waits') {
      lease.heardOf(event.replica, nowMs);
      this.#handOver(lease, nowMs);
    }
    if (event.kind === 'freed' && (event.to ?? this.rows.process) === this.rows.process) {
      // What it does not need goes on to the others.
      if (lease.missing(nowMs) === 0) lease.tellsWaiting = true;
      lease.isWaiting = false;
    }
    if (event.kind === 'news') this.#learn(lease, event.news, nowMs);
    this.#run();
  }

  /** Gives all permits up that no request uses. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelTimer?.();
    await this.#running;
    const nowMs = this.clock.now();
    const idle = [...this.#leases.values()].flatMap((lease) =>
      lease.idle(nowMs).map((permit) => this.#rowOf(lease, permit)),
    );
    // Without the database, the leases end by themselves.
    if (this.rows.isConnected) await this.rows.leave(idle).catch(() => undefined);
    await this.rows.close();
  }

  get #share(): number {
    return ownShare(this.concurrency, Math.max(this.options.replicas, this.#processes));
  }

  /** Whether mailboxes have names in the rows. */
  get #isKnown(): boolean {
    return this.#connectedAtMs > -Infinity;
  }

  /** Sends one statement after the other, as long as there is something to do. */
  #run(): void {
    if (this.#running !== undefined || this.#isClosing) return;
    const work = this.#nextStatement(this.clock.now());
    if (!work) {
      this.#setTimer();
      return;
    }
    this.#running = this.#perform(work).then(() => {
      this.#running = undefined;
      this.#run();
    });
  }

  async #perform(work: () => Promise<void>): Promise<void> {
    const sentAtMs = this.clock.now();
    try {
      this.observer.statement();
      await work();
    } catch (error) {
      this.#access = afterFailure(this.#access, sentAtMs, this.clock.now());
      this.#mustContact = true;
      this.#noteMode(error);
    }
    this.#noteMode(undefined);
  }

  #nextStatement(nowMs: number): (() => Promise<void>) | undefined {
    if (this.#mustContact || !this.rows.isConnected || nowMs >= this.#contactAtMs) {
      const { failedAtMs, lastFailedSentAtMs } = this.#access;
      const isTooEarly = failedAtMs !== undefined && nowMs < lastFailedSentAtMs + RETRY_MS;
      return isTooEarly ? undefined : () => this.#contact();
    }
    const tellers = [...this.#leases.values()].filter(({ tellsWaiting }) => tellsWaiting);
    if (this.#given.length > 0 || tellers.length > 0) return () => this.#give(tellers);
    const news = this.#news.shift();
    if (news) return () => this.rows.tell(news);
    const takers = [...this.#leases.values()].filter(
      (lease) => !lease.isWaiting && lease.missing(nowMs) > 0,
    );
    return takers.length > 0 ? () => this.#take(takers) : undefined;
  }

  get #contactAtMs(): number {
    const isUsed = this.#leases.size > 0;
    const idleMs = Math.min(IDLE_MS, leaseMs(this.times) / 3);
    const periodMs = isUsed ? (this.#polls ? POLL_MS : RENEW_MS) : idleMs;
    return this.#contactedAtMs + Math.min(periodMs, idleMs);
  }

  async #contact(): Promise<void> {
    if (!this.rows.isConnected) {
      await this.rows.connect();
      this.#connectedAtMs = this.clock.now();
    }
    this.#judgeHearing();
    const sentAtMs = this.clock.now();
    this.#dropUnused(sentAtMs);
    const held = [...this.#leases.values()].flatMap((lease) =>
      lease.holding.permits.map((permit) => this.#rowOf(lease, permit)),
    );
    const waiting = [...this.#leases.values()]
      .filter((lease) => lease.isWaiting)
      .map((lease) => ({ mailbox: this.#digestOf(lease), wanted: lease.wanted }));
    const reply = await this.rows.contact(held, waiting);
    this.#contactedAtMs = sentAtMs;
    this.#mustContact = false;
    for (const lease of this.#leases.values()) {
      const asked = held.filter(({ mailbox }) => mailbox === this.#digestOf(lease));
      const renewed = reply.renewed.filter(({ mailbox }) => mailbox === this.#digestOf(lease));
      lease.holding = afterRenewal(lease.holding, asked, renewed, this.times, sentAtMs);
      // A permit may have become free unheard.
      const isFree = (news: MailboxNews) =>
        news.heldElsewhere + lease.held(sentAtMs) < this.concurrency;
      const news = reply.mailboxes.find(({ mailbox }) => mailbox === this.#digestOf(lease));
      if (!news || isFree(news)) lease.isWaiting = false;
    }
    this.#read(reply);
  }

  async #take(takers: readonly MailboxLease[]): Promise<void> {
    const sentAtMs = this.clock.now();
    const requests = takers.map((lease) => ({
      mailbox: this.#digestOf(lease),
      wanted: lease.wanted,
      count: lease.missing(sentAtMs),
    }));
    const reply = await this.rows.take(requests, this.#share);
    for (const [index, lease] of takers.entries()) {
      const taken = reply.taken.filter(({ mailbox }) => mailbox === this.#digestOf(lease));
      lease.holding = withTaken(lease.holding, taken, this.times, sentAtMs);
      lease.isWaiting = taken.length < (requests[index]?.count ?? 0);
    }
    this.#read(reply);
  }

  async #give(tellers: readonly MailboxLease[]): Promise<void> {
    const nowMs = this.clock.now();
    // Whether it succeeds or not, the permits are no longer used.
    const given = this.#given.splice(0);
    for (const lease of tellers) lease.tellsWaiting = false;
    await this.rows.give(
      given.map(({ mailbox, permit: { slot, fence } }) => ({ mailbox, slot, fence })),
      given.map(({ mailbox, to }) => ({ mailbox, to })),
      tellers.map((lease) => ({
        mailbox: this.#digestOf(lease),
        wanted: lease.isWaiting ? lease.wanted : 0,
        held: lease.held(nowMs),
      })),
    );
    this.observer.handedOver(given.filter(({ to }) => to !== undefined).length);
    this.#access = { ...this.#access, failedAtMs: undefined };
  }

  #read(reply: RowsReply): void {
    const nowMs = this.clock.now();
    this.#access = afterSuccess(reply.recoveringMs, nowMs);
    this.#processes = reply.processes;
    for (const news of reply.mailboxes) {
      const lease = this.#byDigest.get(news.mailbox);
      if (!lease) continue;
      lease.heldElsewhere = news.heldElsewhere;
      lease.heard(news.waiting, nowMs);
      this.#learn(lease, news, nowMs);
      this.#handOver(lease, nowMs);
    }
    this.#offer(nowMs);
  }

  #learn(lease: MailboxLease, { pauseMs, lowered }: News, nowMs: number): void {
    if (lowered) {
      const { limit, agoMs } = lowered;
      lease.events.learned({ limit, loweredAtMs: nowMs - agoMs });
    }
    if (pauseMs > 0) lease.events.paused(nowMs + pauseMs);
  }

  /** Lets requests begin that wait. */
  #offer(nowMs: number): void {
    for (const lease of [...this.#leases.values()]) {
      if (lease.wanted > lease.inFlight(nowMs)) lease.events.available();
    }
  }

  #handOver(lease: MailboxLease, nowMs: number): void {
    if (!this.#isKnown) return;
    const given = lease.handOver(nowMs);
    const mailbox = this.#digestOf(lease);
    this.#given.push(...given.map((each) => ({ ...each, mailbox })));
  }

  #dropUnused(nowMs: number): void {
    for (const lease of this.#leases.values()) {
      lease.holding = withoutEnded(lease.holding, nowMs);
      if (lease.wanted === 0 && nowMs - lease.usedAtMs >= KEEP_MS) {
        const mailbox = this.#digestOf(lease);
        const unused = lease.idle(nowMs);
        lease.drop(unused);
        this.#given.push(...unused.map((permit) => ({ permit, to: undefined, mailbox })));
      }
      if (!lease.isIdle) continue;
      this.#leases.delete(lease.mailbox);
      this.#byDigest.delete(this.#digestOf(lease));
    }
  }

  #rowOf(lease: MailboxLease, { slot, fence }: PermitRow | Given['permit']): PermitRow {
    return { mailbox: this.#digestOf(lease), slot, fence };
  }

  #digestOf(lease: MailboxLease): string {
    const digest = this.rows.digest(lease.mailbox);
    this.#byDigest.set(digest, lease);
    return digest;
  }

  #judgeHearing(): void {
    if (this.clock.now() - this.#connectedAtMs < HEARING_MS) return;
    const polls = this.rows.isHearing !== true;
    if (polls && !this.#polls) this.observer.polls();
    this.#polls = polls;
  }

  #noteMode(error: unknown): void {
    const nowMs = this.clock.now();
    const mode = this.#modeAt(nowMs);
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.observer.modeChanged(mode, error);
    this.#offer(nowMs);
  }

  #modeAt(nowMs: number): PermitMode {
    if (usesOwnShare(this.#access, this.times, nowMs)) return 'own-share';
    if (this.#access.failedAtMs !== undefined) return 'waiting';
    return nowMs < this.#access.recoveringUntilMs ? 'recovering' : 'shared';
  }

  /** Comes back when something is due without an event. */
  #setTimer(): void {
    this.#cancelTimer?.();
    const nowMs = this.clock.now();
    const { failedAtMs, lastFailedSentAtMs, recoveringUntilMs } = this.#access;
    const due =
      failedAtMs === undefined
        ? [this.#contactAtMs, recoveringUntilMs]
        : [lastFailedSentAtMs + RETRY_MS, failedAtMs + leaseMs(this.times)];
    const later = due.filter((atMs) => atMs > nowMs);
    this.#cancelTimer = this.clock.after(Math.max(1, Math.min(...later) - nowMs), () => {
      this.#noteMode(undefined);
      for (const lease of this.#leases.values()) this.#handOver(lease, this.clock.now());
      this.#run();
    });
  }
}
