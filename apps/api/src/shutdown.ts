import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from './create-app.ts';
import type { Log } from './observability/logging.ts';

/** How long writing the last log lines may take. */
const LAST_LINES_MS = 2000;
const SECOND_SIGNAL_MS = 500;
/** How long file operations may take before the exit, and how often they are checked. */
const LAST_FILES_MS = 500;
const FILES_CHECK_MS = 10;
/** How long closing the application may take after the grace period. */
const CLOSE_MS = 10_000;

const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
/** SIGUSR1 opens Node's inspector, and SIGUSR2 ends the process. */
const IGNORED: readonly NodeJS.Signals[] = ['SIGUSR1', 'SIGUSR2'];

/** Must be called first. Without a listener, Node opens its inspector on SIGUSR1. */
export function ignoreSignals(): void {
  for (const signal of IGNORED) process.on(signal, () => undefined);
}

export interface ShutdownTimes {
  /** How long requests are still accepted before the drain. */
  readonly delayMs: number;
  /** How long running requests get. */
  readonly graceMs: number;
}

/**
 * What SIGTERM, SIGINT and SIGHUP do: they end the process with 0. Until there is an application they
 * end it at once. The first process of a container has no default for these signals, so it would
 * ignore them while it starts.
 */
export class Shutdown {
  #app: { readonly app: App; readonly times: ShutdownTimes } | undefined;
  #hasBegun = false;

  constructor(private readonly log: Log) {
    for (const signal of ENDING) {
      process.on(signal, () => {
        this.#receive(signal);
      });
    }
  }

  /** Whether a signal has arrived. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * From now on, a signal makes readiness fail. Requests are served for the delay. Then new ones are
   * refused, and running requests finish. Those that run longer than the grace are aborted, and the
   * exit code is 1.
   */
  drains(app: App, times: ShutdownTimes): void {
    this.#app = { app, times };
  }

  #receive(signal: NodeJS.Signals): void {
    // A second signal skips the delay and the grace.
    if (this.#hasBegun) {
      exitAfterLastLines(this.log, 1, SECOND_SIGNAL_MS);
      return;
    }
    this.#hasBegun = true;
    if (!this.#app) {
      exitAfterLastLines(this.log, 0, LAST_LINES_MS);
      return;
    }
    const { app, times } = this.#app;
    this.log.write('draining', {
      'bookings.signal': signal,
      'bookings.delay_ms': times.delayMs,
      'bookings.grace_ms': times.graceMs,
    });
    void finish(app, times).then((finished) => {
      this.log.write('stopped', { 'bookings.finished': finished }, finished ? 'info' : 'error');
      exitAfterLastLines(this.log, finished ? 0 : 1, LAST_LINES_MS);
    });
  }
}

/** Exits when the last log lines are written, or after a timeout. */
function exitAfterLastLines(log: Log, code: number, timeoutMs: number): void {
  const timer = setTimeout(() => void exit(code), timeoutMs);
  log.flush(() => {
    clearTimeout(timer);
    void exit(code);
  });
}

/**
 * Kills the process if a file operation hangs, because `process.exit` waits for Node's thread pool.
 * Examples are a log pipe without a reader and a disk that does not respond.
 */
async function exit(code: number): Promise<void> {
  const untilMs = performance.now() + LAST_FILES_MS;
  const isWriting = () => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
  while (isWriting() && performance.now() < untilMs) await sleep(FILES_CHECK_MS);
  if (isWriting()) process.kill(process.pid, 'SIGKILL');
  else process.exit(code);
}

async function finish(app: App, { delayMs, graceMs }: ShutdownTimes): Promise<boolean> {
  const { server } = app.fastify;
  app.startStopping();
  if (server.listening && delayMs > 0) {
    await sleep(delayMs);
    // Load balancers have noticed, so they send nothing on these any more.
    server.closeIdleConnections();
  }
  app.startDraining();
  const idle = app.whenIdle().then(() => true);
  const finished = await Promise.race([idle, sleep(graceMs, false, { ref: false })]);
  if (!finished) server.closeAllConnections();
  const closed = app.close().then(() => true);
  return (await Promise.race([closed, sleep(CLOSE_MS, false, { ref: false })])) && finished;
}
