import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

/** What the clock and its thread share. */
export interface Dial {
  /** When to ring, in ms of `process.hrtime`, which is the same for all threads. */
  readonly atMs: Float64Array;
  /** At `SET` how often it was set, at `RUNG` how often it rang; nobody ever wakes who sleeps at `ASLEEP`. */
  readonly counts: Int32Array;
}

export const SET = 0;
export const RUNG = 1;
export const ASLEEP = 2;

/** Now, in ms of `process.hrtime`. */
export function sharedNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Rings a tenth of a millisecond late; `setTimeout`, which counts whole milliseconds, half of one on
 * average. It has a thread that sleeps, as no event loop can for a part of a millisecond.
 */
export class AlarmClock {
  readonly #dial: Dial = {
    atMs: new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)),
    counts: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
  };
  readonly #thread = new Worker(new URL('alarm-thread.ts', import.meta.url), {
    workerData: this.#dial,
  });

  /** @returns one whose thread runs */
  static async start(): Promise<AlarmClock> {
    const clock = new AlarmClock();
    await clock.ringsAt(performance.now());
    return clock;
  }

  /** Resolves at `timeMs` of `performance.now`, and not before; one at a time. */
  async ringsAt(timeMs: number): Promise<void> {
    const { atMs, counts } = this.#dial;
    // In this order: whoever is held up between the two rings late, and not early.
    const leftMs = timeMs - performance.now();
    atMs[0] = sharedNowMs() + leftMs;
    const rung = Atomics.load(counts, RUNG);
    Atomics.add(counts, SET, 1);
    Atomics.notify(counts, SET);
    await Atomics.waitAsync(counts, RUNG, rung).value;
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }
}
