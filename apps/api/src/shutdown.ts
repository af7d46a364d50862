import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { App } from './create-app.ts';

/** How long the log's last lines may take. */
const LAST_LINES_MS = 2000;
const SECOND_SIGNAL_MS = 500;
/** How long reads and writes of files may take at the end, and how often they are looked at. */
const LAST_FILES_MS = 500;
const FILES_CHECK_MS = 10;
/** How long closing the application may take after the grace. */
const CLOSE_MS = 10_000;

const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
/** Signals that would end the process at once, or open Node's inspector (SIGUSR1). */
const IGNORED: readonly NodeJS.Signals[] = ['SIGUSR1', 'SIGUSR2'];

/** Must be called first: Node opens its inspector at SIGUSR1 as long as there is no listener. */
export function ignoreSignals(): void {
  for (const signal of IGNORED) process.on(signal, () => undefined);
}

/**
 * Ends the process on SIGTERM, SIGINT or SIGHUP: not ready from then on, running requests finish,
 * exit 0. What still runs after `graceMs` is cut off, and the exit code is 1.
 */
export function drain(app: App, graceMs: number, log: Logger): void {
  let begun = false;
  const end = (signal: NodeJS.Signals) => {
    // A second signal asks not to wait.
    if (begun) {
      exitAfterLastLines(log, 1, SECOND_SIGNAL_MS);
      return;
    }
    begun = true;
    app.readiness.drain();
    log.info({ signal }, 'draining');
    void finish(app, graceMs).then((finished) => {
      log[finished ? 'info' : 'error']({ finished }, 'stopped');
      exitAfterLastLines(log, finished ? 0 : 1, LAST_LINES_MS);
    });
  };
  for (const signal of ENDING) process.on(signal, end);
}

/** Exits once the log's last lines are written, or cannot be. */
function exitAfterLastLines(log: Logger, code: number, timeoutMs: number): void {
  const timer = setTimeout(() => void exit(code), timeoutMs);
  log.flush(() => {
    clearTimeout(timer);
    void exit(code);
  });
}

/**
 * `process.exit` waits for Node's threads. A write to a log whose reader stands still, or to a file
 * on a disk that hangs, would hold one of them for ever: then the process is killed.
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
