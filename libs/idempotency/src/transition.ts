import type { KeyEvent, KeyRecord, Transition } from './key-record.ts';

export type {
  KeyEvent,
  KeyOutcome,
  KeyRecord,
  KeyState,
  PendingLookup,
  Transition,
} from './key-record.ts';

const STALE: Transition = { outcome: { kind: 'stale' } };

/**
 * The state machine of a key: what `event` does to a record at `nowMs`. Stores apply it atomically.
 *
 * @param unknownDuplicates for `acquire`: how many other records with the same fingerprint are
 *   unknown. The number stays valid for the whole lease, because no duplicate can be acquired then
 */
export function transition(
  found: KeyRecord | undefined,
  event: KeyEvent,
  nowMs: number,
  unknownDuplicates = 0,
): Transition {
  if (event.kind === 'acquire') return acquire(found, event, nowMs, unknownDuplicates);
  if (event.kind === 'resolve') return resolve(found, event.customer, nowMs);
  if (found?.fence !== event.fence || !isHeld(found)) return STALE;
  switch (event.kind) {
    case 'send':
      // Another request may acquire the key at any time after the lease has expired.
      if (found.leaseUntilMs <= nowMs) return STALE;
      return updated({
        ...found,
        state: 'sent',
        leaseUntilMs: nowMs + event.leaseMs,
        // A lookup must reach back to the first attempt with an unknown outcome.
        sentAtMs: found.everUnknown ? (found.sentAtMs ?? nowMs) : nowMs,
      });
    case 'renew':
      if (found.leaseUntilMs <= nowMs) return STALE;
      return updated({ ...found, leaseUntilMs: nowMs + event.leaseMs });
    case 'complete':
      return updated({
        ...found,
        state: 'done',
        customer: event.customer,
        response: event.response,
      });
    case 'release':
      return updated({ ...found, state: found.everUnknown ? 'unknown' : 'free' });
    case 'abandon':
      return updated(afterAbandon(found, nowMs));
  }
}

/** The record after its lease has expired. */
export function afterExpiry(record: KeyRecord): KeyRecord {
  const next = { ...record, fence: record.fence + 1 };
  if (record.state === 'sent') return afterAbandon(next, record.leaseUntilMs);
  return { ...next, state: record.everUnknown ? 'unknown' : 'free' };
}

/** Whether the record has a lease. It may have expired. */
export function isHeld({ state }: KeyRecord): boolean {
  return state === 'reserved' || state === 'sent';
}

function acquire(
  found: KeyRecord | undefined,
  { fingerprint, leaseMs }: KeyEvent & { kind: 'acquire' },
  nowMs: number,
  unknownDuplicates: number,
  tookOver = false,
): Transition {
  if (found && isHeld(found)) {
    const leftMs = found.leaseUntilMs - nowMs;
    if (leftMs <= 0) {
      const event = { kind: 'acquire', fingerprint, leaseMs } as const;
      return acquire(afterExpiry(found), event, nowMs, unknownDuplicates, true);
    }
    return found.fingerprint === fingerprint
      ? { outcome: { kind: 'in-progress', leftMs } }
      : { outcome: { kind: 'fingerprint-mismatch' } };
  }
  const isClean = !found || (found.state === 'free' && !found.everUnknown);
  if (!isClean && found.fingerprint !== fingerprint) {
    return { outcome: { kind: 'fingerprint-mismatch' } };
  }
  if (found?.state === 'done' && found.response) {
    return { outcome: { kind: 'replay', response: found.response } };
  }
  const record: KeyRecord = {
    state: 'reserved',
    fence: (found?.fence ?? 0) + 1,
    fingerprint,
    leaseUntilMs: nowMs + leaseMs,
    everUnknown: found?.everUnknown ?? false,
    sentAtMs: isClean ? undefined : found.sentAtMs,
    abandonedAtMs: isClean ? undefined : found.abandonedAtMs,
    customer: isClean ? undefined : found.customer,
    response: undefined,
  };
  const { sentAtMs, abandonedAtMs, customer } = record;
  const lookup =
    sentAtMs === undefined || abandonedAtMs === undefined
      ? undefined
      : { sentAtMs, abandonedAtMs, nowMs, unknownDuplicates, customer };
  return { record, outcome: { kind: 'acquired', fence: record.fence, lookup, tookOver } };
}

/** Only unknown records can be resolved. */
function resolve(
  found: KeyRecord | undefined,
  customer: string | undefined,
  nowMs: number,
): Transition {
  const record = found && isHeld(found) && found.leaseUntilMs <= nowMs ? afterExpiry(found) : found;
  if (record?.state !== 'unknown') return STALE;
  if (customer !== undefined) return updated({ ...record, customer });
  return updated({
    ...record,
    state: 'free',
    everUnknown: false,
    sentAtMs: undefined,
    abandonedAtMs: undefined,
    customer: undefined,
  });
}

/** The record after its holder has abandoned it. One that was not sent keeps its earlier state. */
function afterAbandon(record: KeyRecord, atMs: number): KeyRecord {
  if (record.state !== 'sent') return { ...record, state: record.everUnknown ? 'unknown' : 'free' };
  return { ...record, state: 'unknown', everUnknown: true, abandonedAtMs: atMs };
}

function updated(record: KeyRecord): Transition {
  return { record, outcome: { kind: 'updated' } };
}
