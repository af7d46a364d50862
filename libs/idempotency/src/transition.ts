import {
  type EarlierAttempt,
  type KeyEvent,
  type KeyRecord,
  type Transition,
  isHeld,
} from './key-record.ts';
import { afterLoss, isOver } from './unkeyed-record.ts';

export type {
  EarlierAttempt,
  KeyEvent,
  KeyOutcome,
  KeyRecord,
  KeyState,
  PendingLookup,
  Transition,
} from './key-record.ts';

export { isHeld } from './key-record.ts';

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
  if (event.kind === 'lost') {
    const record = afterLoss(unexpired(found, nowMs), event, nowMs);
    return record ? updated(record) : STALE;
  }
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
        leaseUntilMs: nowMs,
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

function acquire(
  found: KeyRecord | undefined,
  event: KeyEvent & { kind: 'acquire' },
  nowMs: number,
  unknownDuplicates: number,
  tookOver = false,
): Transition {
  const { fingerprint, leaseMs, earlier } = event;
  if (found && isHeld(found)) {
    const leftMs = found.leaseUntilMs - nowMs;
    if (leftMs <= 0) {
      return acquire(afterExpiry(found), event, nowMs, unknownDuplicates, true);
    }
    return found.fingerprint === fingerprint
      ? { outcome: { kind: 'in-progress', leftMs } }
      : { outcome: { kind: 'fingerprint-mismatch' } };
  }
  const isClean =
    !found ||
    (found.state === 'free' && !found.everUnknown) ||
    (earlier !== undefined && isOver(found, earlier.replayForMs, nowMs));
  if (!isClean && found.fingerprint !== fingerprint) {
    return { outcome: { kind: 'fingerprint-mismatch' } };
  }
  if (!isClean && found.state === 'done' && found.response) {
    return { outcome: { kind: 'replay', response: found.response } };
  }
  const record: KeyRecord = {
    state: 'reserved',
    fence: (found?.fence ?? 0) + 1,
    fingerprint,
    leaseUntilMs: nowMs + leaseMs,
    ...(isClean ? beforeAcquire(earlier, nowMs) : pastOf(found)),
    response: undefined,
  };
  const { sentAtMs, abandonedAtMs, customer } = record;
  const lookup =
    sentAtMs === undefined || abandonedAtMs === undefined
      ? undefined
      : { sentAtMs, abandonedAtMs, nowMs, unknownDuplicates, customer };
  return { record, outcome: { kind: 'acquired', fence: record.fence, lookup, tookOver } };
}

type Past = Pick<KeyRecord, 'everUnknown' | 'sentAtMs' | 'abandonedAtMs' | 'customer'>;

function pastOf({ everUnknown, sentAtMs, abandonedAtMs, customer }: KeyRecord): Past {
  return { everUnknown, sentAtMs, abandonedAtMs, customer };
}

/** What a repeat without a record assumes. Other requests have no past. */
function beforeAcquire(earlier: EarlierAttempt | undefined, nowMs: number): Past {
  return {
    everUnknown: earlier !== undefined,
    sentAtMs: earlier && nowMs - earlier.beganAgoMs,
    abandonedAtMs: earlier && nowMs + earlier.mayRunForMs,
    customer: undefined,
  };
}

/** Only unknown records can be resolved. */
function resolve(
  found: KeyRecord | undefined,
  customer: string | undefined,
  nowMs: number,
): Transition {
  const record = unexpired(found, nowMs);
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

/** The record with an expired lease taken into account. */
function unexpired(found: KeyRecord | undefined, nowMs: number): KeyRecord | undefined {
  return found && isHeld(found) && found.leaseUntilMs <= nowMs ? afterExpiry(found) : found;
}

/** The record after its holder has abandoned it. One that was not sent keeps its earlier state. */
function afterAbandon(record: KeyRecord, atMs: number): KeyRecord {
  if (record.state !== 'sent') return { ...record, state: record.everUnknown ? 'unknown' : 'free' };
  const abandonedAtMs = Math.max(record.abandonedAtMs ?? atMs, atMs);
  return { ...record, state: 'unknown', everUnknown: true, abandonedAtMs };
}

function updated(record: KeyRecord): Transition {
  return { record, outcome: { kind: 'updated' } };
}
