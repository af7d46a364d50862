import { existsSync } from 'node:fs';
import { SettingReader } from './config/setting-reader.ts';
import { readIdempotency } from './config/idempotency.ts';
import { type IdempotencyStore, type OpenStore, StoreConnection } from '@bookings/idempotency';

/** An error with a message for the operator. */
export class KeysCommandError extends Error {
  override readonly name = 'KeysCommandError';
}

const USAGE = `usage: STATE_URL=… STATE_SECRET=… node apps/api/dist/keys.js
  unknown                                          lists the keys with an unknown outcome
  resolve DIGEST --created BUSINESS CUSTOMER_ID    the customer was created and has this id
  resolve DIGEST --not-created                     no customer was created: the key can be reused
  backup FILE                                      copies a SQLite store that may be in use
  forget-previous-secret                           STATE_SECRET_PREVIOUS no longer opens the store`;

const MAX_LISTED_KEYS = 1000;

/**
 * Lists unknown keys, or resolves one. The digest of a key leads to its records in the audit.
 *
 * @returns the output
 * @throws KeysCommandError
 */
export async function runKeysCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (args.includes('--help')) return `${USAGE}\n`;
  const run = commandOf(args);
  const store = new StoreConnection(storeOptions(env));
  try {
    return await run(store);
  } catch (error) {
    if (error instanceof KeysCommandError) throw error;
    throw new KeysCommandError(error instanceof Error ? error.message : String(error));
  } finally {
    await store.close();
  }
}

/** The options. A digest may begin with a dash too. */
const OPTIONS: readonly string[] = ['--created', '--not-created', '--'];

type Run = (connection: StoreConnection) => Promise<string>;

function commandOf(args: readonly string[]): Run {
  if (args[0] === 'backup') return backupOf(args.slice(1));
  const run = storeCommandOf(args);
  return async (connection) => run(await connection.connect());
}

function backupOf([file, ...more]: readonly string[]): Run {
  if (file === undefined || more.length > 0) throw new KeysCommandError(USAGE);
  return async (connection) => {
    await connection.backUp(file);
    return `copied to ${file}; keep the secret of the store as well\n`;
  };
}

function storeCommandOf(args: readonly string[]): (store: OpenStore) => Promise<string> {
  const [command, key, ...rest] = args.filter((arg) => !OPTIONS.includes(arg));
  const [created, notCreated] = OPTIONS.map((option) => args.includes(option));
  if (command === 'unknown' && key === undefined && !created && !notCreated) {
    return ({ store }) => list(store);
  }
  if (command === 'forget-previous-secret' && args.length === 1) {
    return ({ store }) => forgetPreviousSecret(store);
  }
  if (command === 'resolve' && key !== undefined && created !== notCreated) {
    const [business, id, ...more] = rest;
    if (notCreated && business === undefined) return ({ store }) => resolve(store, key, undefined);
    if (created && business !== undefined && id !== undefined && more.length === 0) {
      return ({ store, secret }) => resolve(store, key, secret.customerDigest(business, id));
    }
  }
  throw new KeysCommandError(USAGE);
}

function storeOptions(env: Readonly<Record<string, string | undefined>>) {
  const reader = new SettingReader(env);
  const config = readIdempotency(reader);
  const [fault] = reader.faults;
  if (fault) {
    throw new KeysCommandError(`${fault.key} ${fault.wrong}; expected: ${fault.expected}`);
  }
  const [, path] = /^sqlite:(.*)$/.exec(config.url) ?? [];
  if (path !== undefined && !existsSync(path)) {
    throw new KeysCommandError(`STATE_URL names a file that does not exist: ${path}`);
  }
  return config;
}

async function list(store: IdempotencyStore): Promise<string> {
  const keys = await store.unknownKeys(MAX_LISTED_KEYS);
  const lines = keys.map(({ key, sentAtMs, isResolved }) =>
    [key, new Date(sentAtMs).toISOString(), isResolved ? 'resolved' : 'unknown'].join('\t'),
  );
  return lines.length === 0 ? 'no key has an unknown outcome\n' : `${lines.join('\n')}\n`;
}

async function forgetPreviousSecret(store: IdempotencyStore): Promise<string> {
  return (await store.forgetPreviousSecret())
    ? 'the previous secret no longer opens the store\n'
    : 'STATE_SECRET_PREVIOUS is not set, or did not open the store\n';
}

async function resolve(
  store: IdempotencyStore,
  key: string,
  customer: string | undefined,
): Promise<string> {
  const { kind } = await store.apply(key, { kind: 'resolve', customer });
  if (kind === 'owned-by-another')
    throw new KeysCommandError('this customer already belongs to another key');
  if (kind !== 'updated')
    throw new KeysCommandError('the key does not exist, or its outcome is known');
  return customer === undefined
    ? 'resolved: the key can be reused\n'
    : 'resolved: the next create with this key returns the customer\n';
}
