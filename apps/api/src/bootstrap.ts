import { type App, type Listener, createApp } from './create-app.ts';
import { type Config, ConfigError, loadConfig } from './config/config.ts';
import { StoreConnection, StoreUnusable } from '@bookings/idempotency';
import type { Logger } from 'pino';
import { drain, ignoreSignals } from './shutdown.ts';
import { createLog } from './observability/logging.ts';

/** `EX_CONFIG` of sysexits.h. */
const EXIT_CONFIG = 78;

/** Runs the production process: configuration, listening, draining, exit code. */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  ignoreSignals();
  const config = readConfig(env);
  if (!config) return;
  const log = createLog(config.logLevel);
  const state = new StoreConnection(config.idempotency);
  // A thread and a disk are waited for while the application is put together.
  const opening = state.connect().then(
    () => undefined,
    (error: unknown) => error,
  );
  const app = await createApp(config, log, state);
  if (!(await isUsable(app, await opening, log))) return;
  // Before anybody can see that it listens, and send a signal.
  drain(app, config.shutdownGraceMs, log);
  await listen(app, config, log);
}

function readConfig(env: NodeJS.ProcessEnv): Config | undefined {
  try {
    return loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_CONFIG;
    return undefined;
  }
}

/** A store that is away may come back; one of another release or secret must not be touched. */
async function isUsable(app: App, fault: unknown, log: Logger): Promise<boolean> {
  if (fault === undefined) return true;
  if (fault instanceof StoreUnusable) {
    process.stderr.write(`STATE_URL or STATE_SECRET: ${fault.message}.\n`);
    await app.close();
    process.exitCode = EXIT_CONFIG;
    return false;
  }
  log.warn({ err: fault }, 'creates cannot be remembered yet');
  return true;
}

/** On both addresses, or on none. */
async function listen(app: App, { host, port, managementPort }: Config, log: Logger) {
  // Requests come in when all is there.
  const managementAddress =
    app.management && (await listenOn(app.management, host, managementPort ?? 0));
  const address =
    app.management && managementAddress === undefined ? undefined : await listenOn(app, host, port);
  if (address === undefined) {
    await app.close();
    process.exitCode = 1;
    return;
  }
  const also = managementAddress === undefined ? '' : `, for management on ${managementAddress}`;
  log.info({ address, managementAddress }, `listening on ${address}${also}`);
}

/** @returns the address, or undefined when it has said why there is none */
async function listenOn(
  listener: Listener,
  host: string,
  port: number,
): Promise<string | undefined> {
  try {
    return await listener.listen(host, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'EADDRINUSE' ? 'the port is taken' : String(code ?? error);
    process.stderr.write(`Cannot listen on ${host}:${port}: ${why}.\n`);
    return undefined;
  }
}
