import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConcurrencyCounter } from './concurrency-counter.ts';

/** Graph's work on one request. It goes on when the client has left. */
export interface Work {
  /** How many requests of the application are in work at the mailbox, including this one. */
  readonly concurrent: number;
  /** Resolves when the work time has passed since the request arrived. Rejects when the fake closes. */
  timePassed(): Promise<void>;
  /** Further calls do nothing. */
  end(): void;
}

/** Counts the requests in work: for Graph's limit, and for the peak of each mailbox. */
export class MailboxWork {
  readonly byMailbox = new ConcurrencyCounter();
  readonly #byAppAndMailbox = new ConcurrencyCounter();
  readonly #workMs: number;
  readonly #signal: AbortSignal;

  /**
   * @param workMs how long Graph works on a request that it does not refuse
   * @param signal aborted when the fake closes
   */
  constructor(workMs: number, signal: AbortSignal) {
    this.#workMs = workMs;
    this.#signal = signal;
  }

  /** @param mailbox null for a request without a business, which is not counted */
  begin(mailbox: string | null, app: string): Work {
    const endsAtMs = performance.now() + this.#workMs;
    const timePassed = async (): Promise<void> => {
      const leftMs = endsAtMs - performance.now();
      if (leftMs > 0) await sleep(leftMs, undefined, { signal: this.#signal });
    };
    if (mailbox === null) return { concurrent: 0, timePassed, end: () => undefined };
    const pair = JSON.stringify([app, mailbox]);
    this.byMailbox.enter(mailbox);
    const concurrent = this.#byAppAndMailbox.enter(pair);
    let isRunning = true;
    const end = (): void => {
      if (!isRunning) return;
      isRunning = false;
      this.byMailbox.leave(mailbox);
      this.#byAppAndMailbox.leave(pair);
    };
    return { concurrent, timePassed, end };
  }
}
