import { setTimeout as sleep } from 'node:timers/promises';
import type { IdempotencyStore } from './store.ts';

export interface PurgePace {
  /** Between two looks for what has expired. */
  readonly everyMs: number;
  /** Records of one batch, which is one transaction: a few milliseconds. */
  readonly batch: number;
  /** Between two batches, so that requests have their turn. */
  readonly pauseMs: number;
}

const PACE: PurgePace = { everyMs: 60_000, batch: 200, pauseMs: 50 };

/** Forgets what is remembered for long enough, batch by batch, until it is closed. */
export class Purge {
  readonly #closing = new AbortController();
  readonly #over: Promise<void>;

  constructor(
    private readonly store: IdempotencyStore,
    private readonly retentionMs: number,
    private readonly pace = PACE,
  ) {
    this.#over = this.#run();
  }

  /** Resolves when no batch is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#over;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { everyMs, batch, pauseMs } = this.pace;
    while (!signal.aborted) {
      // What is left because the store is away is left for the next time.
      const forgotten = await this.store.purge(this.retentionMs, batch).catch(() => 0);
      const ms = forgotten < batch ? everyMs : pauseMs;
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
