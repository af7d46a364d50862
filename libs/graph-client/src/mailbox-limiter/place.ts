/** How an attempt ended, for the place that it held. */
export type AttemptEnd =
  /** Nothing was sent. */
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'answered' }
  /** Graph answered 429. */
  | {
      readonly kind: 'throttled';
      /** What its `Retry-After` says; undefined without one. */
      readonly retryAfterMs: number | undefined;
      /** Whether it names the mailbox's concurrency. */
      readonly isOverConcurrency: boolean;
    }
  /** It was sent and given up without an answer: Graph may still be working on it. */
  | { readonly kind: 'unanswered' };

/** A place at a mailbox, for one attempt. */
export interface Place {
  /**
   * Whether the attempt may begin. A pause may have begun after the place was given. Ask right before
   * the first byte is written.
   */
  mayBegin(): boolean;
  /** Gives the place back. Further calls do nothing. */
  end(end: AttemptEnd): void;
}

/** Where the limiter reports what it does. */
export interface LimiterEvents {
  /** A request has got a place. */
  admitted(queuedMs: number): void;
  refused(reason: RefusalReason): void;
  /** Graph has asked for a pause. */
  paused(): void;
}

/** Why the limiter answers 429. */
export const REFUSAL_REASONS = ['queue-full', 'deadline', 'paused'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** What the mailboxes of a process hold now. */
export interface Occupancy {
  /** Places of attempts in flight, and of those that were given up and may still be in work. */
  readonly placesInUse: number;
  readonly waiting: number;
  /** Mailboxes whose learned limit is below the maximum. */
  readonly loweredLimits: number;
}
