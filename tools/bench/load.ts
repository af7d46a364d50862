import { performance } from 'node:perf_hooks';
import { Connection } from './connection.ts';

/** The text of the next request; undefined when there is no other. */
export type NextRequest = () => string | undefined;

export interface Load {
  readonly connections: number;
  /** Requests that are due per second, come what may; without it each connection asks again at once. */
  readonly perSecond?: number;
  /** Before anything is counted. */
  readonly warmSeconds: number;
  readonly seconds: number;
}

/** What happened while it was counted. */
export interface LoadResult {
  readonly seconds: number;
  /** Answers by status; 0 are those that were lost. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly answers: number;
  /** Sorted; with a rate from the time a request was due, else from the time it was sent. */
  readonly latenciesMs: Float64Array;
  /** How long the generator itself was behind, on average. */
  readonly lateMs: number;
}

/** Patience with requests that were due and are not answered when the time is over. */
const DRAIN_MS = 3000;

/** Lets `load` loose on a port. `counting` is called when counting begins and when it ends. */
export async function run(
  port: number,
  load: Load,
  next: NextRequest,
  counting: () => void,
): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => Connection.open(port)),
  );
  const counter = new Counter(load, counting);
  const close = () => {
    for (const connection of connections) connection.close();
  };
  // Also when no answer comes that would make somebody look at the clock.
  const wholeMs = (load.warmSeconds + load.seconds) * 1000;
  const end = setTimeout(() => counter.goesOn(performance.now()), wholeMs + 1);
  const giveUp = setTimeout(close, wholeMs + DRAIN_MS);
  try {
    if (load.perSecond === undefined) await closedLoop(connections, next, counter);
    else await openLoop(connections, next, counter, 1000 / load.perSecond);
    return counter.result();
  } finally {
    clearTimeout(end);
    clearTimeout(giveUp);
    close();
  }
}

class Counter {
  readonly beginMs = performance.now();
  readonly fromMs: number;
  readonly untilMs: number;
  readonly #counting: () => void;
  readonly #statuses = new Map<number, number>();
  readonly #latencies: number[] = [];
  #state: 'warming' | 'counting' | 'over' = 'warming';
  #answers = 0;
  #endMs = NaN;
  #lateMs = 0;
  #sent = 0;

  constructor(load: Load, counting: () => void) {
    this.#counting = counting;
    this.fromMs = this.beginMs + load.warmSeconds * 1000;
    this.untilMs = this.fromMs + load.seconds * 1000;
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
    if (this.#state === 'counting') this.#answers += 1;
    // Also of those that were due in time and are answered after it: they are the slow ones.
    if (sinceMs < this.fromMs || this.#state === 'warming') return;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#latencies.push(nowMs - sinceMs);
  }

  result(): LoadResult {
    return {
      seconds: (this.#endMs - this.fromMs) / 1000,
      statuses: this.#statuses,
      answers: this.#answers,
      latenciesMs: Float64Array.from(this.#latencies).sort(),
      lateMs: this.#sent === 0 ? 0 : this.#lateMs / this.#sent,
    };
  }
}

/** Each connection asks as soon as it has its answer. */
async function closedLoop(
  connections: readonly Connection[],
  next: NextRequest,
  counter: Counter,
): Promise<void> {
  const work = (connection: Connection) =>
    new Promise<void>((resolve) => {
      const ask = () => {
        const sentMs = performance.now();
        const request = counter.goesOn(sentMs) ? next() : undefined;
        if (request === undefined) {
          counter.end(sentMs);
          resolve();
          return;
        }
        connection.send(request, (status) => {
          counter.answered(status, sentMs, performance.now());
          ask();
        });
      };
      ask();
    });
  await Promise.all(connections.map(work));
}

/** Requests are due at fixed times; one that finds no free connection waits, and its time counts. */
async function openLoop(
  connections: readonly Connection[],
  next: NextRequest,
  counter: Counter,
  intervalMs: number,
): Promise<void> {
  const free = [...connections];
  const waiting: number[] = [];
  let due = 0;
  const serve = () => {
    while (waiting.length > 0) {
      const connection = free.pop();
      const request = connection && next();
      if (!connection || request === undefined) return;
      const dueMs = waiting.shift() ?? NaN;
      connection.send(request, (status) => {
        free.push(connection);
        counter.answered(status, dueMs, performance.now());
        serve();
      });
    }
  };
  for (;;) {
    const nowMs = performance.now();
    if (!counter.goesOn(nowMs)) break;
    for (; counter.beginMs + due * intervalMs <= nowMs; due += 1) {
      const dueMs = counter.beginMs + due * intervalMs;
      counter.sent(dueMs, nowMs);
      waiting.push(dueMs);
    }
    serve();
    await sleepUntil(counter.beginMs + due * intervalMs);
  }
  const endMs = performance.now() + DRAIN_MS;
  while (free.length < connections.length && performance.now() < endMs) await sleepUntil(0);
  // Nobody waits for ever, and who was not answered counts with the time until now.
  for (const dueMs of waiting) counter.answered(0, dueMs, performance.now());
}

function sleepUntil(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(1, timeMs - performance.now())));
}
