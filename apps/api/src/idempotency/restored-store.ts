import {
  type IdempotencyStore,
  Moment,
  type OpenStore,
  StoreConnection,
} from '@bookings/idempotency';
import { auditedCreates } from '../audit/audited-creates.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../observability/logging.ts';

/** How far the clocks of the store and of the audit may differ. */
const CLOCK_TOLERANCE_MS = 5000;
/** Keys are deleted about this exactly at the end of the retention. */
const PURGE_TOLERANCE_MS = 60_000;
/** How many keys the store is asked for at once. */
const BATCH = 200;

/**
 * The store of a process that serves. It puts itself under guard when the audit file shows that it
 * was restored.
 */
export function guardedStore(
  { auditFile, idempotency, graph }: Pick<Config, 'auditFile' | 'idempotency' | 'graph'>,
  log: Log,
): StoreConnection {
  const { retentionMs } = idempotency;
  const onOpen = async ({ store }: OpenStore) => {
    if (auditFile !== undefined) {
      await guardIfRestored(store, { auditFile, retentionMs, deadlineMs: graph.deadlineMs }, log);
    }
    // Last, so that an opening that fails leaves the mark of a process that was killed.
    await store.beginServing();
  };
  return new StoreConnection(idempotency, { retentionMs, onOpen });
}

interface GuardOptions {
  readonly auditFile: string;
  /** How long the store keeps keys. */
  readonly retentionMs: number;
  /** How long a create may run. */
  readonly deadlineMs: number;
}

/** Puts a store under guard that is older than the audit file. */
export async function guardIfRestored(
  store: IdempotencyStore,
  { auditFile, retentionMs, deadlineMs }: GuardOptions,
  log: Log,
): Promise<void> {
  const nowMs = Date.now();
  const askedAt = new Moment();
  const sinceAgoMs = Math.min((await store.age()) ?? retentionMs, retentionMs);
  const fromMs =
    nowMs - Math.min(sinceAgoMs + CLOCK_TOLERANCE_MS, retentionMs - PURGE_TOLERANCE_MS);
  const lost = await lostCreates(auditFile, fromMs, store, nowMs - deadlineMs);
  if (!lost) return;
  const mayRunForMs = Math.max(0, lost.openSinceMs + deadlineMs - nowMs);
  // The store counts back from now. Reading the audit may have taken long.
  const guard = { sinceAgoMs: sinceAgoMs + askedAt.mostAgoMs(), mayRunForMs, forMs: retentionMs };
  await store.guard(guard);
  const time = (ms: number) => new Date(ms).toISOString();
  log.write('storeRestored', {
    'bookings.since': time(nowMs - sinceAgoMs),
    'bookings.until': time(nowMs + retentionMs),
  });
}

/**
 * Whether the audit file names creates that the store should know and does not.
 *
 * @param openFromMs attempts that began before have ended
 * @returns when the last attempt began that has no outcome; undefined when the store knows all keys
 */
async function lostCreates(
  auditFile: string,
  fromMs: number,
  store: IdempotencyStore,
  openFromMs: number,
): Promise<{ readonly openSinceMs: number } | undefined> {
  let openSinceMs = -Infinity;
  let isLost = false;
  let keys: string[] = [];
  for await (const { keyDigest, atMs, isOpen } of auditedCreates(auditFile, fromMs)) {
    if (isOpen) openSinceMs = Math.max(openSinceMs, atMs);
    keys.push(keyDigest);
    if (keys.length >= BATCH) {
      isLost ||= await lacksOne(store, keys);
      keys = [];
    }
    if (isLost && atMs < openFromMs) break;
  }
  isLost ||= await lacksOne(store, keys);
  return isLost ? { openSinceMs } : undefined;
}

async function lacksOne(store: IdempotencyStore, keys: readonly string[]): Promise<boolean> {
  const known = new Set(keys.length === 0 ? [] : await store.known(keys));
  return keys.some((key) => !known.has(key));
}
