import { type KeyObject, randomBytes } from 'node:crypto';
import { deriveKey, open, seal, secretCheck } from './sealing.ts';
import { type ForgottenSecret, StoreUnusable } from './store.ts';

const DATA_KEY_BYTES = 32;
/** What the data key is sealed for. */
const PURPOSE = 'data key';
/** The start of a name in the table `idempotency_meta`. The check of the secret follows. */
const WRAPPING = 'data_key ';
/** Releases without a data key compare their secret with this value. */
const SECRET_CHECK = 'secret_check';

/** The secrets of a process. */
export interface StoreSecrets {
  readonly current: string;
  /** The secret before the last rotation. */
  readonly previous: string | undefined;
}

/** The names and values of the table `idempotency_meta`. */
export type StoreMeta = ReadonlyMap<string, string>;

export interface UnwrappedKey {
  /** Digests and sealed responses are made with it, see `StoreSecret`. */
  readonly dataKey: string;
  /** What must be stored, so that the current secret alone opens the store later. */
  readonly additions: StoreMeta;
}

/**
 * Opens the data key of a store with one of the secrets. A new store gets a random one. A store of a
 * release without data keys takes the secret that it was made with, so that its digests stay valid.
 *
 * @throws StoreUnusable when no secret opens it
 */
export function unwrapDataKey(meta: StoreMeta, secrets: StoreSecrets): UnwrappedKey {
  const known = [secrets.current, ...(secrets.previous === undefined ? [] : [secrets.previous])];
  for (const secret of known) {
    const wrapped = meta.get(nameOf(secret));
    if (wrapped !== undefined) return keep(meta, unwrap(secret, wrapped), secrets);
  }
  const check = meta.get(SECRET_CHECK);
  if (check === undefined) {
    // Releases without data keys would use their secret instead. This value refuses them.
    const additions = new Map([[SECRET_CHECK, PURPOSE]]);
    return keep(meta, randomBytes(DATA_KEY_BYTES).toString('base64url'), secrets, additions);
  }
  const madeWith = known.find((secret) => secretCheck(secret) === check);
  if (madeWith !== undefined) return keep(meta, madeWith, secrets);
  throw new StoreUnusable(refusal(secrets.previous));
}

/** What must change, so that a secret no longer opens the store. */
export interface SecretRemoval {
  readonly forgotten: ForgottenSecret;
  /** Names to delete. */
  readonly deletions: readonly string[];
  readonly additions: StoreMeta;
}

/**
 * How to forget a secret. The current secret stays, so that the store does not become unreadable.
 *
 * @throws StoreUnusable when the current secret does not open the store
 */
export function secretRemoval(meta: StoreMeta, current: string, secret: string): SecretRemoval {
  if (!meta.has(nameOf(current))) throw new StoreUnusable(refusal(undefined));
  const own = secretCheck(current);
  const check = secretCheck(secret);
  const madeWith = meta.get(SECRET_CHECK);
  const checks = [...meta.keys()]
    .filter((name) => name.startsWith(WRAPPING))
    .map((name) => name.slice(WRAPPING.length));
  if (madeWith !== undefined && madeWith !== PURPOSE) checks.push(madeWith);
  const was = check === own ? 'current' : checks.includes(check) ? 'known' : 'unknown';
  const isForgotten = was === 'known';
  return {
    forgotten: { was, othersOpen: checks.some((each) => each !== own && each !== check) },
    deletions: isForgotten ? [nameOf(secret)] : [],
    // A store of a release without data keys opens with this one too.
    additions: new Map(isForgotten && madeWith === check ? [[SECRET_CHECK, PURPOSE]] : []),
  };
}

function refusal(previous: string | undefined): string {
  return previous === undefined
    ? 'the secret does not open this store'
    : 'neither the secret nor the previous one opens this store';
}

function keep(
  meta: StoreMeta,
  dataKey: string,
  { current }: StoreSecrets,
  additions = new Map<string, string>(),
): UnwrappedKey {
  const name = nameOf(current);
  if (!meta.has(name)) additions.set(name, wrap(current, dataKey));
  return { dataKey, additions };
}

const nameOf = (secret: string) => WRAPPING + secretCheck(secret);

const wrappingKey = (secret: string): KeyObject => deriveKey(secret, PURPOSE, '');

function wrap(secret: string, dataKey: string): string {
  return Buffer.from(seal(wrappingKey(secret), Buffer.from(dataKey))).toString('base64url');
}

function unwrap(secret: string, wrapped: string): string {
  try {
    return open(wrappingKey(secret), Buffer.from(wrapped, 'base64url')).toString();
  } catch {
    throw new StoreUnusable('the data key of this store is damaged: restore the store');
  }
}
