import type { LearnedLimit } from './learned-limit.ts';

/** The right to one request at a time to one mailbox. */
export interface Permit {
  /** Whether a request may still begin under it. */
  mayBegin(nowMs: number): boolean;
  /** The request has ended. @param freeAtMs when Graph surely no longer works on it */
  release(freeAtMs: number, nowMs: number): void;
}

/** The permits of this process for one mailbox. Times are those of the limiter's clock. */
export interface Permits {
  /** Requests that may be in flight now, with those that are: for estimates. */
  capacity(nowMs: number): number;
  /** @param limit the learned limit of the mailbox */
  hasFree(limit: number, nowMs: number): boolean;
  /** Takes a free one. Call it only if there is one. */
  take(limit: number, nowMs: number): Permit;
  /** Says how many requests are in flight or wait. More permits may follow. */
  demand(count: number, nowMs: number): void;
  /** Requests of other processes that may be in flight. */
  inFlightElsewhere(): number;
  /** Graph has asked for a pause. */
  paused(untilMs: number, nowMs: number): void;
  /** Graph has taught a lower limit. */
  lowered(learned: LearnedLimit, nowMs: number): void;
  /** Whether nothing is lost when the mailbox is forgotten. */
  readonly isIdle: boolean;
}

/** What the permits tell the mailbox. */
export interface PermitsEvents {
  /** There may be a free one. */
  available(): void;
  /** Another process was asked for a pause. */
  paused(untilMs: number): void;
  /** Another process was taught a limit. */
  learned(learned: LearnedLimit): void;
}

/** Where the permits come from. */
export interface PermitSource {
  /** @param mailbox in lower case */
  of(mailbox: string, events: PermitsEvents): Permits;
  /** Gives everything up. */
  close(): Promise<void>;
}

/** A fixed number of permits for each mailbox: this process alone sends requests. */
export class FixedPermits implements PermitSource {
  constructor(private readonly concurrency: number) {}

  of(): Permits {
    return new MailboxPermits(this.concurrency);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** `Places` counts what is in flight, so each request has a permit. */
class MailboxPermits implements Permits {
  static readonly #permit: Permit = { mayBegin: () => true, release: () => undefined };
  readonly isIdle = true;

  constructor(private readonly concurrency: number) {}

  capacity(): number {
    return this.concurrency;
  }

  hasFree(): boolean {
    return true;
  }

  take(): Permit {
    return MailboxPermits.#permit;
  }

  inFlightElsewhere(): number {
    return 0;
  }

  demand(): void {
    // No other process wants the permits.
  }

  paused(): void {
    // There is no other process to tell.
  }

  lowered(): void {
    // As above.
  }
}
