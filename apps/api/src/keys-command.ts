import { existsSync } from 'node:fs';
import { SettingReader } from './config/setting-reader.ts';
import { readIdempotency } from './config/idempotency.ts';
import { type IdempotencyStore, type OpenStore, StoreConnection } from '@bookings/idempotency';

/** What the operator can do about it. */
export class KeysCommandError extends Error {
  override readonly name = 'KeysCommandError';
}

const USAGE = `usage: STATE_URL=… STATE_SECRET=… node apps/api/dist/keys.js
  unknown                                          lists the keys of which nobody knows whether
                                                   their customer was created
  resolve DIGEST --created BUSINESS CUSTOMER_ID    it was, and this is it
  resolve DIGEST --not-created                     it was not: the key may be used again`;

const MOST_LISTED = 1000;

/**
 * Lists unknown keys, or resolves one. Keys are named by their digests, as in the audit, which says
 * of each who created what where.
 *
 * @returns what to print
 * @throws KeysCommandError
 */
export async function runKeysCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const work = workOf(args);
  const opening = new StoreConnection(configured(env));
  try {
    return await work(await opening.connect());
  } catch (error) {
    if (error instanceof KeysCommandError) throw error;
    throw new KeysCommandError(error instanceof Error ? error.message : String(error));
  } finally {
    await opening.close();
  }
}

/** All that is no key, business or id; a digest may begin with a dash as well. */
const OPTIONS: readonly string[] = ['--created', '--not-created', '--'];

function workOf(args: readonly string[]): (state: OpenStore) => Promise<string> {
  const [command, key, ...rest] = args.filter((arg) => !OPTIONS.includes(arg));
  const [created, notCreated] = OPTIONS.map((option) => args.includes(option));
  if (command === 'unknown' && key === undefined && !created && !notCreated) {
    return ({ store }) => listed(store);
  }
  if (command === 'resolve' && key !== undefined && created !== notCreated) {
    const [business, id, ...more] = rest;
    if (notCreated && business === undefined) return ({ store }) => resolve(store, key, undefined);
    if (created && business !== undefined && id !== undefined && more.length === 0) {
      return ({ store, secret }) => resolve(store, key, secret.customer(business, id));
    }
  }
  throw new KeysCommandError(USAGE);
}

function configured(env: Readonly<Record<string, string | undefined>>) {
  const read = new SettingReader(env);
  const config = readIdempotency(read);
  const [fault] = read.faults;
  if (fault) {
    throw new KeysCommandError(`${fault.key} ${fault.wrong}; expected: ${fault.expected}`);
  }
  const [, path] = /^sqlite:(.*)$/.exec(config.url) ?? [];
  if (path !== undefined && !existsSync(path)) {
    throw new KeysCommandError(`STATE_URL names a file that is not there: ${path}`);
  }
  return config;
}

async function listed(store: IdempotencyStore): Promise<string> {
  const keys = await store.unknownKeys(MOST_LISTED);
  const lines = keys.map(({ key, sentAtMs, isResolved }) =>
    [key, new Date(sentAtMs).toISOString(), isResolved ? 'resolved' : 'unknown'].join('\t'),
  );
  return lines.length === 0 ? 'no key is unknown\n' : `${lines.join('\n')}\n`;
}

async function resolve(
  store: IdempotencyStore,
  key: string,
  customer: string | undefined,
): Promise<string> {
  const { kind } = await store.apply(key, { kind: 'resolve', customer });
  if (kind === 'owned-by-another')
    throw new KeysCommandError('this customer belongs to another key already');
  if (kind !== 'updated') throw new KeysCommandError('there is no such key, or it is not unknown');
  return customer === undefined
    ? 'resolved: the key may be used again\n'
    : 'resolved: the next question with this key is answered with the customer\n';
}
