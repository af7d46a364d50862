import type { OperationRow } from './operations.ts';

/** One attempt to send a request to Graph. */
export interface TracedAttempt {
  readonly method: OperationRow['method'];
  /** The path with its parameters in braces, because a trace must not name a customer. */
  readonly route: string;
  /** How many attempts were made before. */
  readonly resendCount: number;
}

export interface AttemptSpan {
  /** The `traceparent` that Graph receives. */
  readonly traceparent: string;
  /**
   * Not called when nothing was sent because a pause began or the client disconnected: that is no
   * attempt.
   *
   * @param result the status, or why there is none
   */
  end(result: number | 'connection' | 'timeout' | 'too-large'): void;
}

/**
 * Measures the steps of a request as spans of its trace. Implementations never throw, and return
 * what `work` returns.
 */
export interface RequestSpans {
  /** @param work waits for a place at the mailbox */
  mailboxWait<T>(work: () => Promise<T>): Promise<T>;

  attempt(attempt: TracedAttempt): AttemptSpan;

  /**
   * @param event such as `acquire`
   * @param work applies the event to the record of a key
   */
  storeEvent<T extends { readonly kind: string }>(
    event: string,
    work: () => Promise<T>,
  ): Promise<T>;
}
