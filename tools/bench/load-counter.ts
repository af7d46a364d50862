import { performance } from 'node:perf_hooks';
import { LEFT, LOST } from './connection.ts';

export interface Load {
  readonly connections: number;
  /** Requests that are due per second, come what may; without it each connection asks again at once. */
  readonly perSecond?: number;
  /** Before anything is counted. */
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Patience with requests that were due and are not answered when the time is over; 3 s. */
  readonly drainSeconds?: number;
}

/** What happened while it was counted. */
export interface LoadResult {
  readonly seconds: number;
  /** Answers by status; `LOST` and `LEFT` are those that there were none of. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly answers: number;
  /** Sorted; with a rate from the time a request was due, else from the time it was sent. */
  readonly latenciesMs: Float64Array;
  /** The same of those that were due, or sent, in each whole second; each sorted. */
  readonly bySecondMs: readonly Float64Array[];
  /** How long the generator itself was behind, on average. */
  readonly lateMs: number;
  /** Requests that were due and found no free connection to the end; they count as lost. */
  readonly unsent: number;
}

/** Keeps the clock of a load, and count of what happens. */
export class Counter {
  readonly beginMs = performance.now();
  readonly fromMs: number;
  readonly untilMs: number;
  readonly #counting: () => void;
  readonly #statuses = new Map<number, number>();
  readonly #latencies: number[] = [];
  readonly #bySecond: readonly number[][];
  #state: 'warming' | 'counting' | 'over' = 'warming';
  #answers = 0;
  #endMs = NaN;
  #lateMs = 0;
  #sent = 0;
  #unsent = 0;

  constructor(load: Load, counting: () => void) {
    this.#counting = counting;
    this.fromMs = this.beginMs + load.warmSeconds * 1000;
    this.untilMs = this.fromMs + load.seconds * 1000;
    this.#bySecond = Array.from({ length: Math.floor(load.seconds) }, () => []);
  }

  /** Whether requests are still to be sent; looks at the clock. */
  goesOn(nowMs: number): boolean {
    if (this.#state === 'warming' && nowMs >= this.fromMs) {
      this.#state = 'counting';
      this.#counting();
    }
    if (nowMs >= this.untilMs) this.end(nowMs);
    return this.#state !== 'over';
  }

  end(nowMs: number): void {
    if (this.#state === 'counting') this.#counting();
    if (this.#state !== 'over') this.#endMs = nowMs;
    this.#state = 'over';
  }

  sent(dueMs: number, nowMs: number): void {
    this.#sent += 1;
    this.#lateMs += nowMs - dueMs;
  }

  answered(status: number, sinceMs: number, nowMs: number): void {
    if (this.#state === 'counting' && status !== LEFT) this.#answers += 1;
    // Also of those that were due in time and are answered after it: they are the slow ones.
    if (sinceMs < this.fromMs || this.#state === 'warming') return;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (status === LEFT) return;
    this.#latencies.push(nowMs - sinceMs);
    this.#bySecond[Math.floor((sinceMs - this.fromMs) / 1000)]?.push(nowMs - sinceMs);
  }

  /** Nobody waits for ever, and who was not answered counts with the time until now. */
  leftWaiting(dueMs: readonly number[], nowMs: number): void {
    this.#unsent = dueMs.length;
    for (const sinceMs of dueMs) this.answered(LOST, sinceMs, nowMs);
  }

  result(): LoadResult {
    const seconds = (this.#endMs - this.fromMs) / 1000;
    // A load that had nothing more to ask ended before its time, perhaps while it warmed up.
    const whole = this.#bySecond.slice(0, Math.max(0, Math.floor(seconds)));
    return {
      seconds,
      statuses: this.#statuses,
      answers: this.#answers,
      latenciesMs: Float64Array.from(this.#latencies).sort(),
      bySecondMs: whole.map((latencies) => Float64Array.from(latencies).sort()),
      lateMs: this.#sent === 0 ? 0 : this.#lateMs / this.#sent,
      unsent: this.#unsent,
    };
  }
}
