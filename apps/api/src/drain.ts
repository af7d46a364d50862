import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { App } from './create-app.ts';

/**
 * Ends the process on SIGTERM or SIGINT: not ready from then on, running requests finish, exit 0.
 * What still runs after `graceMs` is cut off and the exit code is 1, so that somebody looks.
 */
export function drain(app: App, graceMs: number, log: Logger): void {
  let begun = false;
  const end = (signal: NodeJS.Signals) => {
    // A second signal is somebody who does not want to wait.
    if (begun) process.exit(1);
    begun = true;
    app.readiness.drain();
    log.info({ signal }, 'draining');
    void finish(app, graceMs).then((finished) => {
      log[finished ? 'info' : 'error']({ finished }, 'stopped');
      log.flush(() => process.exit(finished ? 0 : 1));
    });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

async function finish(app: App, graceMs: number): Promise<boolean> {
  const giveUp = new AbortController();
  const grace = sleep(graceMs, false, { signal: giveUp.signal });
  const finished = await Promise.race([app.whenIdle().then(() => true), grace]);
  giveUp.abort();
  await grace.catch(() => undefined);
  if (!finished) app.fastify.server.closeAllConnections();
  await app.close();
  return finished;
}
