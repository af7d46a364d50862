import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { AlarmClock } from './alarm-clock.ts';
import { type Answered, Connection, type Manners } from './connection.ts';
import { Counter, type Load, type LoadResult } from './load-counter.ts';

export type { Load, LoadResult } from './load-counter.ts';

/** A request, and how its caller behaves. */
export interface Ask extends Manners {
  readonly text: string;
  /** Is told how it ended, whether that is counted or not. */
  readonly told?: Answered;
}

/** The next request; undefined when there is no other. */
export type NextRequest = () => string | Ask | undefined;

const DRAIN_SECONDS = 3;

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
  const drainMs = (load.drainSeconds ?? DRAIN_SECONDS) * 1000;
  // The thread of the clock takes some ms to start, and by then requests would be due.
  const pace = load.perSecond !== undefined && {
    clock: await AlarmClock.start(),
    intervalMs: 1000 / load.perSecond,
    drainMs,
  };
  const counter = new Counter(load, counting);
  const close = () => {
    for (const connection of connections) connection.close();
  };
  // Also when no answer comes that would make somebody look at the clock.
  const wholeMs = (load.warmSeconds + load.seconds) * 1000;
  const end = setTimeout(() => counter.goesOn(performance.now()), wholeMs + 1);
  // A timer may be early by a part of a millisecond: by then nobody may think that there is time left.
  const giveUp = setTimeout(close, wholeMs + drainMs + 1);
  try {
    if (pace) await openLoop(connections, next, counter, pace);
    else await closedLoop(connections, next, counter);
    return counter.result();
  } finally {
    clearTimeout(end);
    clearTimeout(giveUp);
    close();
    if (pace) await pace.clock.stop();
  }
}

function send(connection: Connection, request: string | Ask, answered: Answered): void {
  if (typeof request === 'string') {
    connection.send(request, answered);
    return;
  }
  const settled = (status: number) => {
    request.told?.(status);
    answered(status);
  };
  connection.send(request.text, settled, request);
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
        send(connection, request, (status) => {
          counter.answered(status, sentMs, performance.now());
          ask();
        });
      };
      ask();
    });
  await Promise.all(connections.map(work));
}

interface Pace {
  readonly clock: AlarmClock;
  readonly intervalMs: number;
  readonly drainMs: number;
}

/** Requests are due at fixed times; one that finds no free connection waits, and its time counts. */
async function openLoop(
  connections: readonly Connection[],
  next: NextRequest,
  counter: Counter,
  { clock, intervalMs, drainMs }: Pace,
): Promise<void> {
  const free = [...connections];
  const waiting: number[] = [];
  // Whoever is not asked by then is not asked any more, whatever becomes free.
  const endMs = counter.untilMs + drainMs;
  const dueAt = (index: number) => counter.beginMs + index * intervalMs;
  let due = 0;
  const serve = () => {
    while (waiting.length > 0 && performance.now() < endMs) {
      const connection = free.pop();
      const request = connection && next();
      if (!connection || request === undefined) return;
      const dueMs = waiting.shift() ?? NaN;
      send(connection, request, (status) => {
        free.push(connection);
        counter.answered(status, dueMs, performance.now());
        serve();
      });
    }
  };
  for (let goesOn = true; goesOn;) {
    const nowMs = performance.now();
    goesOn = counter.goesOn(nowMs);
    // Also those that came due while the generator itself was held up past the end.
    for (; dueAt(due) <= nowMs && dueAt(due) < counter.untilMs; due += 1) {
      counter.sent(dueAt(due), nowMs);
      waiting.push(dueAt(due));
    }
    serve();
    if (goesOn) await clock.ringsAt(dueAt(due));
  }
  while (free.length < connections.length && performance.now() < endMs) await sleep(1);
  counter.leftWaiting(waiting.splice(0), performance.now());
}
