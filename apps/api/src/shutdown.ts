import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { App } from './create-app.ts';

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

/**
 * Ends the process on SIGTERM, SIGINT or SIGHUP. Readiness fails, running requests finish, and the
 * exit code is 0. Requests that run longer than `graceMs` are aborted, and the exit code is 1.
 */
export function drain(app: App, graceMs: number, log: Logger): void {
  let isDraining = false;
  const end = (signal: NodeJS.Signals) => {
    // A second signal skips the grace period.
    if (isDraining) {
      exitAfterLastLines(log, 1, SECOND_SIGNAL_MS);
      return;
    }
    isDraining = true;
    app.readiness.drain();
    log.info({ signal }, 'draining');
    void finish(app, graceMs).then((finished) => {
      log[finished ? 'info' : 'error']({ finished }, 'stopped');
      exitAfterLastLines(log, finished ? 0 : 1, LAST_LINES_MS);
    });
  };
  for (const signal of ENDING) process.on(signal, end);
}

/** Exits when the last log lines are written, or after a timeout. */
function exitAfterLastLines(log: Logger, code: number, timeoutMs: number): void {
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

async function finish(app: App, graceMs: number): Promise<boolean> {
  const idle = app.whenIdle().then(() => true);
  const finished = await Promise.race([idle, sleep(graceMs, false, { ref: false })]);
  if (!finished) app.fastify.server.closeAllConnections();
  const closed = app.close().then(() => true);
  return (await Promise.race([closed, sleep(CLOSE_MS, false, { ref: false })])) && finished;
}
