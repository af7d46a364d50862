import { asError } from '../transport/deadline.ts';
import { CallerQueues } from './caller-queues.ts';
import type { Clock } from './clock.ts';
import type { Permits, PermitsEvents } from './permits.ts';
import type { LimiterEvents, Place, RefusalReason } from './place.ts';
import { Places, type PlacesOptions } from './places.ts';
import { type Outlook, startAtMs } from './wait-estimate.ts';
import { type LimiterRequest, Waiter, refusal } from './waiter.ts';

export interface MailboxOptions extends PlacesOptions {
  /** Requests that may wait for one mailbox. */
  readonly queueLimit: number;
}

/** How often it is looked for waiters that cannot make their deadline any more. */
const LOOK_EVERY_MS = 250;

/** The requests to one mailbox: those that hold its places, and those that wait for one. */
export class Mailbox {
  readonly #permits: Permits;
  readonly #places: Places;
  readonly #queue = new CallerQueues<Waiter>();
  #cancelTimer: (() => void) | undefined;
  #lookedAtMs = -Infinity;

  constructor(
    private readonly options: MailboxOptions,
    private readonly clock: Clock,
    private readonly events: LimiterEvents,
    permitsOf: (events: PermitsEvents) => Permits,
  ) {
    this.#permits = permitsOf({
      available: () => {
        this.#admit(clock.now());
      },
      paused: (untilMs) => {
        this.#places.pauseUntil(untilMs, clock.now());
        this.#admit(clock.now());
      },
      learned: (learned) => {
        this.#places.learn(learned);
        this.#admit(clock.now());
      },
    });
    this.#places = new Places(options, clock, this.#permits, {
      paused: (nowMs, isNew) => {
        if (isNew) events.paused();
        this.#refuseLate(nowMs);
      },
      ended: (nowMs, kind) => {
        if (kind === 'unanswered') this.#lookedAtMs = -Infinity;
        this.#admit(nowMs);
      },
    });
  }

  get inUse(): number {
    return this.#places.inUse(this.clock.now());
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether Graph has taught a lower limit. */
  get isLowered(): boolean {
    return this.#places.limit(this.clock.now()) < this.options.concurrency;
  }

  /** Whether it can be forgotten without a loss. */
  get isIdle(): boolean {
    const isPaused = this.clock.now() < this.#places.pausedUntilMs;
    const isUsed = this.inUse > 0 || this.waiting > 0 || !this.#permits.isIdle;
    return !isUsed && !isPaused && !this.isLowered;
  }

  /** Waits for a place. Rejects as `MailboxLimiter.acquire`. */
  async acquire(request: LimiterRequest): Promise<Place> {
    // An event listener would not hear of an abort that has already happened.
    if (request.signal.aborted) throw asError(request.signal.reason);
    const { caller, isRepeat } = request;
    const nowMs = this.clock.now();
    this.#admit(nowMs);
    if (this.waiting === 0 && this.#places.hasFree(nowMs)) {
      this.events.admitted(0);
      return this.#places.give(nowMs);
    }
    const ahead = this.#queue.ahead(caller, isRepeat);
    const late = this.#lateness(request, this.#places.outlook(nowMs), ahead, nowMs);
    if (late) throw this.#refusal(...late);
    // A repeat has had a place, so the limit of the queue does not concern it.
    if (!isRepeat && this.waiting >= this.options.queueLimit) this.#makeRoom(caller, nowMs);
    const waiter = new Waiter(request, this.clock, (leaving) => {
      this.#queue.remove(caller, leaving);
      this.#demand(this.clock.now());
    });
    this.#queue.add(caller, waiter, isRepeat);
    this.#demand(nowMs);
    this.#setTimer(nowMs);
    const place = await waiter.place;
    this.events.admitted(this.clock.now() - nowMs);
    return place;
  }

  /** Gives the free places to those who wait. */
  #admit(nowMs: number): void {
    while (this.waiting > 0 && this.#places.hasFree(nowMs)) {
      this.#queue.takeNext()?.grant(this.#places.give(nowMs));
    }
    if (nowMs - this.#lookedAtMs >= LOOK_EVERY_MS) this.#refuseLate(nowMs);
    this.#demand(nowMs);
    this.#setTimer(nowMs);
  }

  #demand(nowMs: number): void {
    this.#permits.demand(this.inUse + this.waiting, nowMs);
  }

  /** Refuses the waiters that cannot make their deadline. */
  #refuseLate(nowMs: number): void {
    this.#lookedAtMs = nowMs;
    if (this.waiting === 0) return;
    const outlook = this.#places.outlook(nowMs);
    let ahead = 0;
    for (const waiter of [...this.#queue.inOrder()]) {
      const late = this.#lateness(waiter.request, outlook, ahead, nowMs);
      if (late) this.#evict(waiter, ...late);
      else ahead += 1;
    }
  }

  /** Why a request cannot make its deadline, and how long a repeat should wait. */
  #lateness(
    { lastStartAtMs, deadlineAtMs }: LimiterRequest,
    outlook: Outlook,
    ahead: number,
    nowMs: number,
  ): [RefusalReason, number] | undefined {
    const { pausedUntilMs } = this.#places;
    if (pausedUntilMs > lastStartAtMs) return ['paused', pausedUntilMs - nowMs];
    const startMs = startAtMs(outlook, ahead);
    const latestMs = Math.min(lastStartAtMs, deadlineAtMs - outlook.holdMs);
    return startMs > latestMs ? ['deadline', startMs - nowMs] : undefined;
  }

  /** Evicts the newest waiter of the longest queue, or throws unless that queue is longer than the caller's by at least two. */
  #makeRoom(caller: string, nowMs: number): void {
    const newest = this.#queue.newestOfLongest(caller);
    if (!newest) throw this.#refusal('queue-full', this.#waitMs(caller, nowMs));
    const longest = newest.request.caller;
    this.#queue.remove(longest, newest);
    this.#evict(newest, 'queue-full', this.#waitMs(longest, nowMs));
  }

  #waitMs(caller: string, nowMs: number): number {
    const ahead = this.#queue.ahead(caller, false);
    return startAtMs(this.#places.outlook(nowMs), ahead) - nowMs;
  }

  #evict(waiter: Waiter, reason: RefusalReason, waitMs: number): void {
    this.#queue.remove(waiter.request.caller, waiter);
    waiter.reject(this.#refusal(reason, waitMs));
  }

  #refusal(reason: RefusalReason, waitMs: number): Error {
    this.events.refused(reason);
    return refusal(reason, waitMs);
  }

  /** Wakes up those who wait when a pause or the linger of a place ends. */
  #setTimer(nowMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const atMs = this.waiting > 0 ? this.#places.nextChangeMs(nowMs) : Infinity;
    if (atMs === Infinity) return;
    this.#cancelTimer = this.clock.after(atMs - nowMs, () => {
      this.#admit(this.clock.now());
    });
  }
}
