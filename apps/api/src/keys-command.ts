import { existsSync } from 'node:fs';
import { isBusinessId } from '@bookings/domain';
import { type OpenStore, StoreConnection } from '@bookings/idempotency';
import { type IdempotencyConfig, readIdempotency } from './config/idempotency.ts';
import { type Environment, withoutFaults } from './command-line/command-settings.ts';
import { CommandError } from './command-line/command-error.ts';
import { forgetSecret } from './keys/forget-secret.ts';
import { guardSince } from './keys/guard-store.ts';
import { listUnknown } from './keys/list-keys.ts';
import { hasOnly, type Options, readOptions } from './keys/options.ts';
import { resolveCreated, resolveNotCreated } from './keys/resolve-key.ts';
import { settleUnknown } from './keys/settle-keys.ts';

export { CommandError } from './command-line/command-error.ts';

const USAGE = `usage: STATE_URL=… STATE_SECRET=… node apps/api/dist/keys.js
  unknown [--audit FILE]...                        lists the keys with an unknown outcome; with
                                                   audit files, also their business and caller
  settle [--audit FILE]... [--business ID]...      looks unknown keys up at Graph and settles those
                                                   that are certain; takes the settings of Graph,
                                                   and IDEMPOTENCY_SETTLE_MS of the proxy
  resolve DIGEST --created BUSINESS CUSTOMER_ID    the customer was created and has this id;
                                                   compares it at Graph, with the same settings
  resolve DIGEST --created BUSINESS CUSTOMER_ID --unchecked
                                                   does not ask Graph
  resolve DIGEST --not-created                     no customer was created: the key can be reused
  backup FILE                                      copies a SQLite store that may be in use
  guard --since TIME                               after a restore: the copy is from this time; takes
                                                   IDEMPOTENCY_RETENTION_HOURS of the proxy
  forget-previous-secret                           STATE_SECRET_PREVIOUS no longer opens the store`;

const FORGET = 'forget-previous-secret';

/**
 * Lists unknown keys, settles or resolves them, and looks after the store. The digest of a key leads
 * to its records in the audit.
 *
 * @returns the output
 * @throws CommandError
 */
export async function runKeysCommand(args: readonly string[], env: Environment): Promise<string> {
  if (args.includes('--help')) return `${USAGE}\n`;
  const run = commandOf(args);
  const config = storeConfig(env, args[0] === 'guard');
  // With the previous secret, a mistyped new one would be added, and would then be the only one.
  const secrets = args[0] === FORGET ? { ...config, previousSecret: undefined } : config;
  const store = new StoreConnection(secrets);
  try {
    return await run(store, { config, env });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(error instanceof Error ? error.message : String(error));
  } finally {
    await store.close();
  }
}

/** What commands need besides the store. */
interface Settings {
  readonly config: IdempotencyConfig;
  readonly env: Environment;
}

type Run = (connection: StoreConnection, settings: Settings) => Promise<string>;
type RunOpen = (open: OpenStore, settings: Settings) => Promise<string>;

function commandOf(args: readonly string[]): Run {
  if (args[0] === 'backup') return backupOf(args.slice(1));
  if (args[0] === 'guard') return guardOf(args.slice(1));
  const options = readOptions(args);
  const run = options && storeCommandOf(options);
  if (!run) throw new CommandError(USAGE);
  return async (connection, settings) => run(await connection.connect(), settings);
}

function backupOf([file, ...more]: readonly string[]): Run {
  if (file === undefined || more.length > 0) throw new CommandError(USAGE);
  return async (connection) => {
    await connection.backUp(file);
    return `copied to ${file}; keep the secret of the store as well\n`;
  };
}

function guardOf([option, time, ...more]: readonly string[]): Run {
  if (option !== '--since' || time === undefined || more.length > 0) {
    throw new CommandError(USAGE);
  }
  return (connection, { config }) => guardSince(connection, time, config.retentionMs);
}

function storeCommandOf(options: Options): RunOpen | undefined {
  const [command, ...rest] = options.positionals;
  if (command === 'resolve') return resolveOf(rest, options);
  if (rest.length > 0) return undefined;
  const auditFiles = options.values.get('--audit') ?? [];
  if (command === 'unknown' && hasOnly(options, '--audit')) {
    return (open) => listUnknown(open, auditFiles);
  }
  if (command === 'settle' && hasOnly(options, '--audit', '--business')) {
    const businesses = options.values.get('--business') ?? [];
    if (!businesses.every(isBusinessId)) return undefined;
    return (open, { config: { settleMs }, env }) =>
      settleUnknown(open, { auditFiles, businesses, settleMs }, env);
  }
  if (command === FORGET && hasOnly(options)) {
    return ({ store }, { config: { previousSecret } }) => forgetSecret(store, previousSecret);
  }
  return undefined;
}

function resolveOf(
  [key, business, id, ...more]: readonly string[],
  options: Options,
): RunOpen | undefined {
  const { flags } = options;
  if (key === undefined || more.length > 0) return undefined;
  if (business === undefined && flags.has('--not-created') && hasOnly(options, '--not-created')) {
    return (open) => resolveNotCreated(open, key);
  }
  const isCreated = flags.has('--created') && hasOnly(options, '--created', '--unchecked');
  if (!isCreated || business === undefined || id === undefined) return undefined;
  const named = { business, id, unchecked: flags.has('--unchecked') };
  return (open, { env }) => resolveCreated(open, key, named, env);
}

/** @param mayBeNew an emptied store is guarded before its first process starts */
function storeConfig(env: Environment, mayBeNew: boolean): IdempotencyConfig {
  const config = withoutFaults(env, readIdempotency);
  const [, path] = /^sqlite:(.*)$/.exec(config.url) ?? [];
  if (path !== undefined && !mayBeNew && !existsSync(path)) {
    throw new CommandError(`STATE_URL names a file that does not exist: ${path}`);
  }
  return config;
}
