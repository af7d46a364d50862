import { acquire } from './acquire.ts';
import {
  isDamaged,
  isHeld,
  type KeyEvent,
  type KeyRecord,
  type Revision,
  type Transition,
} from './key-record.ts';
import { afterAbandon, afterRelease, hasExpired, kept, unexpired } from './lease.ts';
import { withinClock } from './store-time.ts';
import type { TransitionContext } from './transition-context.ts';
import { afterLoss } from './unkeyed-record.ts';

export type {
  Change,
  EarlierAttempt,
  KeyEvent,
  KeyOutcome,
  KeyRecord,
  KeyState,
  PendingLookup,
  Revision,
  Transition,
} from './key-record.ts';

export type { TransitionContext } from './transition-context.ts';

export { isDamaged, isHeld } from './key-record.ts';

const NOTHING_SENT = {
  sentAtMs: undefined,
  abandonedAtMs: undefined,
  customer: undefined,
  response: undefined,
};

const STALE: Transition = { outcome: { kind: 'stale' } };

/** The state machine of a key: what `event` does to a record. Stores apply it atomically. */
export function transition(
  stored: KeyRecord | undefined,
  event: KeyEvent,
  context: TransitionContext,
): Transition {
  const { nowMs } = context.time;
  const found = stored && withinClock(stored, context.time);
  if (event.kind === 'acquire') {
    const next = acquire(found, event, context);
    // Times that the clock does not allow are corrected in the store as well.
    return next.change || !found || found === stored ? next : { ...next, change: found };
  }
  if (event.kind === 'resolve') {
    return isRevision(stored, event.revision)
      ? resolve(unexpired(found, nowMs), event.customer, nowMs)
      : STALE;
  }
  if (event.kind === 'lost') {
    const record = afterLoss(unexpired(found, nowMs), event, nowMs);
    return record ? updated(record, nowMs) : STALE;
  }
  if (event.kind === 'discard') return discard(found, event.response, nowMs);
  if (found?.fence !== event.fence || !isHeld(found)) return STALE;
  return updateHeld(found, event, nowMs);
}

/** What the holder of a lease does to its record. */
function updateHeld(
  found: KeyRecord,
  event: Extract<KeyEvent, { fence: number }>,
  nowMs: number,
): Transition {
  // Another request may acquire the key at any time after the lease has expired.
  if ('leaseMs' in event && hasExpired(found, nowMs)) return STALE;
  switch (event.kind) {
    case 'send': {
      const past = pastAfter(found, event);
      // A lookup must reach back to the first attempt with an unknown outcome.
      const sentAtMs = past.everUnknown ? (past.sentAtMs ?? nowMs) : nowMs;
      const leaseUntilMs = nowMs + event.leaseMs;
      return updated({ ...past, state: 'sent', leaseUntilMs, sentAtMs }, nowMs);
    }
    case 'renew':
      return updated({ ...found, leaseUntilMs: nowMs + event.leaseMs }, nowMs);
    case 'complete': {
      const { customer, response } = event;
      return updated({ ...found, state: 'done', leaseUntilMs: nowMs, customer, response }, nowMs);
    }
    case 'release':
      return updated(afterRelease(pastAfter(found, event)), nowMs);
    case 'abandon':
      return updated(afterAbandon(found, nowMs), nowMs);
  }
}

function isRevision(stored: KeyRecord | undefined, revision: Revision | undefined): boolean {
  if (!revision) return true;
  return stored?.fence === revision.fence && stored.changedAtMs === revision.changedAtMs;
}

function pastAfter(found: KeyRecord, { nothingLost }: { nothingLost?: boolean }): KeyRecord {
  if (!nothingLost) return found;
  return { ...found, everUnknown: false, sentAtMs: undefined, abandonedAtMs: undefined };
}

/** The response may have been replaced since it was read. */
function discard(found: KeyRecord | undefined, response: Uint8Array, nowMs: number): Transition {
  if (found?.state !== 'done' || !found.response || !equalBytes(found.response, response)) {
    return STALE;
  }
  return updated({ ...found, response: undefined }, nowMs);
}

function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Only unknown and damaged records can be resolved. */
function resolve(
  found: KeyRecord | undefined,
  customer: string | undefined,
  nowMs: number,
): Transition {
  if (!found || (found.state !== 'unknown' && !isDamaged(found))) return STALE;
  if (customer !== undefined) {
    return updated({ ...found, state: 'unknown', everUnknown: true, customer }, nowMs);
  }
  // The record stays, although it counts as none: a store that lacks a key of the audit was restored.
  const freed = { ...found, state: 'free', everUnknown: false, ...NOTHING_SENT } as const;
  return { change: { ...freed, changedAtMs: nowMs }, outcome: { kind: 'updated' } };
}

function updated(record: KeyRecord, nowMs: number): Transition {
  return { change: kept({ ...record, changedAtMs: nowMs }), outcome: { kind: 'updated' } };
}
