import type { Clock } from './clock.ts';
import { HoldingTime } from './holding-time.ts';
import { type LearnedLimit, afterOverConcurrency, limitAt, raisedAtMs } from './learned-limit.ts';
import type { Permit, Permits } from './permits.ts';
import type { AttemptEnd, Place } from './place.ts';
import type { Outlook } from './wait-estimate.ts';

/** Graph cannot pause a mailbox for longer. */
export const MAX_PAUSE_MS = 60_000;

export interface PlacesOptions {
  /** Concurrent requests to the mailbox. Graph's published limit per application is 4. */
  readonly concurrency: number;
  /** How long a place stays taken after its attempt was given up without an answer. */
  readonly lingerMs: number;
}

export interface PlacesEvents {
  /** @param isNew whether it begins, or becomes longer */
  paused(nowMs: number, isNew: boolean): void;
  /** A place was given back, or lingers. */
  ended(nowMs: number, kind: AttemptEnd['kind']): void;
}

interface Attempt {
  readonly startedAtMs: number;
  /** Places in use when it got its own, those of other processes included. */
  readonly inUse: number;
  readonly permit: Permit;
}

/**
 * The places of one mailbox: which are taken, how many Graph lets through, and its pause. After a
 * pause one request goes first, and the others follow when it has ended.
 *
 * The time is a parameter, so that all answers to one caller are about the same moment.
 */
export class Places {
  readonly #running = new Set<Attempt>();
  /** When the places end that stay taken after an attempt was given up. */
  #lingering: number[] = [];
  #learned: LearnedLimit | undefined;
  #pausedUntilMs = -Infinity;
  /** The first attempt after a pause, until it has ended. */
  #first: Attempt | 'needed' | undefined;
  readonly #holdingTime = new HoldingTime();

  constructor(
    private readonly options: PlacesOptions,
    private readonly clock: Clock,
    private readonly permits: Permits,
    private readonly events: PlacesEvents,
  ) {}

  inUse(nowMs: number): number {
    this.#lingering = this.#lingering.filter((endsAtMs) => endsAtMs > nowMs);
    return this.#running.size + this.#lingering.length;
  }

  limit(nowMs: number): number {
    return limitAt(this.#learned, this.options.concurrency, nowMs);
  }

  get pausedUntilMs(): number {
    return this.#pausedUntilMs;
  }

  /** Whether a request may begin now. */
  hasFree(nowMs: number): boolean {
    const isOpen = this.#first === undefined || this.#first === 'needed';
    return (
      isOpen &&
      nowMs >= this.#pausedUntilMs &&
      this.inUse(nowMs) < this.limit(nowMs) &&
      this.permits.hasFree(this.limit(nowMs), nowMs)
    );
  }

  /** Gives a place. Call it only if one is free. */
  give(nowMs: number): Place {
    const permit = this.permits.take(this.limit(nowMs), nowMs);
    const inUse = this.inUse(nowMs) + 1 + this.permits.inFlightElsewhere();
    const attempt = { startedAtMs: nowMs, inUse, permit };
    this.#running.add(attempt);
    if (this.#first === 'needed') this.#first = attempt;
    return {
      mayBegin: () => this.#mayBegin(attempt, this.clock.now()),
      end: (end) => {
        this.#end(attempt, end);
      },
    };
  }

  /** Another process was taught a limit. One that is older than the known one does not count. */
  learn(learned: LearnedLimit): void {
    if (this.#learned && learned.loweredAtMs < this.#learned.loweredAtMs) return;
    this.#learned = learned;
  }

  /** Begins a pause, or makes it longer. */
  pauseUntil(untilMs: number, nowMs: number): void {
    // An answer to a request from before the pause says nothing about what comes after it.
    this.#first = 'needed';
    const isNew = nowMs >= this.#pausedUntilMs;
    if (untilMs <= Math.max(this.#pausedUntilMs, nowMs)) return;
    this.#pausedUntilMs = untilMs;
    this.events.paused(nowMs, isNew);
  }

  /** When a place may become free without the end of an attempt; Infinity for never. */
  nextChangeMs(nowMs: number): number {
    const raised = raisedAtMs(this.#learned, this.options.concurrency, nowMs) ?? Infinity;
    const later = [this.#pausedUntilMs, raised, ...this.#lingering].filter((ms) => ms > nowMs);
    return Math.min(Infinity, ...later);
  }

  outlook(nowMs: number): Outlook {
    const holdMs = this.#holdingTime.meanMs(nowMs) ?? 0;
    const endOf = ({ startedAtMs }: Attempt) => Math.max(nowMs, startedAtMs + holdMs);
    const taken = this.inUse(nowMs);
    // Without a permit, one is expected at once.
    const limit = Math.max(1, Math.min(this.limit(nowMs), this.permits.capacity(nowMs)));
    const ends = [...[...this.#running].map(endOf), ...this.#lingering].sort((a, b) => a - b);
    // Over a lowered limit, the first places that end are not given again.
    const free = Array<number>(Math.max(0, limit - taken)).fill(nowMs);
    const first = this.#first;
    return {
      freeAtMs: [...free, ...ends.slice(Math.max(0, taken - limit))],
      holdMs,
      firstAtMs: first === 'needed' ? Math.max(nowMs, this.#pausedUntilMs) : undefined,
      firstEndsAtMs: first && first !== 'needed' ? endOf(first) : undefined,
    };
  }

  #mayBegin(attempt: Attempt, nowMs: number): boolean {
    const isOpen = this.#first === undefined || this.#first === attempt;
    return isOpen && nowMs >= this.#pausedUntilMs && attempt.permit.mayBegin(nowMs);
  }

  #end(attempt: Attempt, end: AttemptEnd): void {
    if (!this.#running.has(attempt)) return;
    const nowMs = this.clock.now();
    const inFlight = Math.max(attempt.inUse, this.inUse(nowMs) + this.permits.inFlightElsewhere());
    this.#running.delete(attempt);
    const freeAtMs = end.kind === 'unanswered' ? nowMs + this.options.lingerMs : nowMs;
    attempt.permit.release(freeAtMs, nowMs);
    if (this.#first === attempt) this.#first = end.kind === 'not-sent' ? 'needed' : undefined;
    switch (end.kind) {
      case 'answered':
        this.#holdingTime.measure(nowMs - attempt.startedAtMs, nowMs);
        break;
      case 'unanswered':
        this.#lingering.push(freeAtMs);
        break;
      case 'throttled':
        this.#throttled(end, inFlight, nowMs);
        break;
      case 'not-sent':
    }
    this.events.ended(nowMs, end.kind);
  }

  #throttled(
    { retryAfterMs, isOverConcurrency }: Extract<AttemptEnd, { kind: 'throttled' }>,
    inFlight: number,
    nowMs: number,
  ): void {
    if (isOverConcurrency) {
      const { concurrency } = this.options;
      const learned = afterOverConcurrency(this.#learned, concurrency, inFlight, nowMs);
      if (learned && learned !== this.#learned) this.permits.lowered(learned, nowMs);
      this.#learned = learned;
    }
    if (retryAfterMs !== undefined) {
      const untilMs = nowMs + Math.min(retryAfterMs, MAX_PAUSE_MS);
      this.permits.paused(untilMs, nowMs);
      this.pauseUntil(untilMs, nowMs);
    }
  }
}
