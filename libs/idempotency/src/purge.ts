import { setTimeout as sleep } from 'node:timers/promises';
import type { IdempotencyStore } from './store.ts';

export interface PurgeSchedule {
  /** The pause after a batch that was not full. */
  readonly intervalMs: number;
  /** The number of records in a batch. Each batch is one short transaction. */
  readonly batchSize: number;
  /** The pause after a full batch, so that requests are not held up. */
  readonly pauseMs: number;
}

const SCHEDULE: PurgeSchedule = { intervalMs: 60_000, batchSize: 200, pauseMs: 50 };

/** Deletes records at the end of their retention, in batches, until it is closed. */
export class Purge {
  readonly #closing = new AbortController();
  readonly #finished: Promise<void>;

  constructor(
    private readonly store: IdempotencyStore,
    private readonly retentionMs: number,
    private readonly schedule = SCHEDULE,
  ) {
    this.#finished = this.#run();
  }

  /** Resolves when no batch is running. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { intervalMs, batchSize, pauseMs } = this.schedule;
    while (!signal.aborted) {
      // A failed batch is tried again after the interval.
      const purged = await this.store.purge(this.retentionMs, batchSize).catch(() => 0);
      const ms = purged < batchSize ? intervalMs : pauseMs;
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
