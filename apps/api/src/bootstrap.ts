import { type App, type Listener, createApp } from './create-app.ts';
import { type Config, ConfigError, loadConfig } from './config/config.ts';
import { StoreUnusable } from '@bookings/idempotency';
import { EXIT } from './command-line/exit-codes.ts';
import { ArgumentError, type Command, readArguments } from './command-line/arguments.ts';
import { help } from './command-line/help.ts';
import { onlineCheck, report } from './command-line/online-check.ts';
import { guardedStore } from './idempotency/restored-store.ts';
import { misspeltSettings } from './config/misspelt-settings.ts';
import { VERSION } from './config/version.ts';
import { Shutdown, ignoreSignals } from './shutdown.ts';
import { errorFields } from './observability/error-fields.ts';
import { type Log, createLog } from './observability/logging.ts';

const EVERY_BUSINESS = 'no access file: every caller reaches every business';

/**
 * Does what the arguments ask for; serves without any.
 *
 * @param onReceiving called once the process receives the signals that end it
 */
export async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onReceiving: () => void,
): Promise<void> {
  const command = commandIn(args);
  switch (command?.kind) {
    case 'help':
      process.stdout.write(help());
      return;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return;
    case 'check':
      await check(command.business, env);
      return;
    case 'serve':
      await serve(env, onReceiving);
      return;
    case undefined:
  }
}

function commandIn(args: readonly string[]): Command | undefined {
  try {
    return readArguments(args);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    process.stderr.write(`${error.message}. --help lists the arguments.\n`);
    process.exitCode = EXIT.usage;
    return undefined;
  }
}

/** Judges the settings and, with a business, asks what they name. Starts nothing. */
async function check(business: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  if (!config) return;
  process.stdout.write('settings: ok\n');
  for (const warning of misspelt(env)) process.stdout.write(`warning: ${warning}\n`);
  if (business === undefined) return;
  const findings = await onlineCheck(config, business);
  process.stdout.write(report(findings));
  if (findings.some(({ state }) => state !== 'ok')) process.exitCode = EXIT.unavailable;
}

/** Runs the production process, from its configuration to its exit code. */
export async function serve(env: NodeJS.ProcessEnv, onReceiving: () => void): Promise<void> {
  ignoreSignals();
  const config = readConfig(env);
  if (!config) return;
  const log = createLog(config.logLevel);
  process.on('SIGUSR2', () => {
    log.switchLevel();
  });
  const shutdown = new Shutdown(log);
  // Not earlier: without any listener, a signal that has arrived would be lost.
  onReceiving();
  const store = guardedStore(config, log);
  // Opens the store while the application is created.
  const opening = store.connect().then(
    () => undefined,
    (error: unknown) => error,
  );
  const app = await createApp(config, log, store);
  if (!(await isUsable(app, await opening, log))) return;
  // A signal may follow as soon as the process listens.
  shutdown.drains(app, { delayMs: config.shutdownDelayMs, graceMs: config.shutdownGraceMs });
  await listen(app, config, log, shutdown);
  for (const { given, meant } of misspeltSettings(env)) {
    log.write('misspeltSetting', { 'bookings.setting': given, 'bookings.setting_meant': meant });
  }
}

/** Names that look like misspelt settings. Repeats no value. */
function misspelt(env: NodeJS.ProcessEnv): string[] {
  return misspeltSettings(env).map(
    ({ given, meant }) => `${given} is not a setting: ${meant} may be meant`,
  );
}

function readConfig(env: NodeJS.ProcessEnv): Config | undefined {
  try {
    return loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    // A misspelt setting that is required is also missing.
    for (const warning of misspelt(env)) process.stderr.write(`warning: ${warning}\n`);
    process.exitCode = EXIT.config;
    return undefined;
  }
}

/** An unavailable store may recover. A store of another release or secret must not be used. */
async function isUsable(app: App, fault: unknown, log: Log): Promise<boolean> {
  if (fault === undefined) return true;
  if (fault instanceof StoreUnusable) {
    process.stderr.write(`STATE_URL or STATE_SECRET: ${fault.message}.\n`);
    await app.close();
    process.exitCode = EXIT.config;
    return false;
  }
  log.write('storeNotAvailable', errorFields(fault));
  return true;
}

/** Listens on both addresses or on none. */
async function listen(app: App, config: Config, log: Log, shutdown: Shutdown) {
  const { host, port, managementPort, idempotency, auditFile, businessAccessRules } = config;
  // The management port comes first, so that probes work when requests arrive.
  const managementAddress =
    app.management && (await listenOn(app.management, host, managementPort ?? 0, shutdown));
  const address =
    app.management && managementAddress === undefined
      ? undefined
      : await listenOn(app, host, port, shutdown);
  if (address === undefined) {
    await app.close();
    process.exitCode = 1;
    return;
  }
  log.write('listening', {
    'service.address': address,
    'bookings.management_address': managementAddress,
    'bookings.node_version': process.versions.node,
    'bookings.store': idempotency.url.split(':', 1)[0],
    'bookings.audit': auditFile === undefined ? 'log' : 'file',
    'bookings.access': businessAccessRules ? 'file' : EVERY_BUSINESS,
  });
}

/** @returns the address, or undefined after it has reported why it cannot listen */
async function listenOn(
  listener: Listener,
  host: string,
  port: number,
  shutdown: Shutdown,
): Promise<string | undefined> {
  try {
    return await listener.listen(host, port);
  } catch (error) {
    // A signal has closed the listener before it listened.
    if (shutdown.hasBegun) return undefined;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'EADDRINUSE' ? 'the port is already in use' : String(code ?? error);
    process.stderr.write(`Cannot listen on ${host}:${port}: ${why}.\n`);
    return undefined;
  }
}
