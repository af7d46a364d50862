import {
  type EarlierAttempt,
  isHeld,
  type KeyEvent,
  type KeyRecord,
  type PendingLookup,
  type Transition,
} from './key-record.ts';
import { type Guard, isOfGuard } from './guard.ts';
import { afterExpiry, hasExpired } from './lease.ts';
import { EARLIEST_MS } from './store-time.ts';
import type { TransitionContext } from './transition-context.ts';
import { isOver } from './unkeyed-record.ts';

/** @param found with times that the clock allows */
export function acquire(
  found: KeyRecord | undefined,
  event: KeyEvent & { kind: 'acquire' },
  context: TransitionContext,
  tookOver = false,
): Transition {
  const { fingerprint, leaseMs, earlier } = event;
  const { nowMs } = context.time;
  if (found && isHeld(found)) {
    if (!event.heldHere && hasExpired(found, nowMs)) {
      return acquire(afterExpiry(found), event, context, true);
    }
    const leftMs = Math.max(0, found.leaseUntilMs - nowMs);
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
  if (!isClean && found.state === 'done') {
    const { response } = found;
    return { outcome: response ? { kind: 'replay', response } : { kind: 'damaged' } };
  }
  const record: KeyRecord = {
    state: 'reserved',
    // A process of an earlier release counts each record by itself.
    fence: Math.max(context.nextFence, (found?.fence ?? 0) + 1),
    fingerprint,
    leaseUntilMs: nowMs + leaseMs,
    ...(isClean ? beforeAcquire(earlier, nowMs, context.guard) : pastOf(found)),
    response: undefined,
    // Equal for the same fingerprint, unless an earlier release has made the record.
    comparisons: event.comparisons,
    changedAtMs: nowMs,
  };
  const lookup = record.everUnknown ? lookupOf(record, context) : undefined;
  return { change: record, outcome: { kind: 'acquired', fence: record.fence, lookup, tookOver } };
}

export function lookupOf(
  record: KeyRecord,
  {
    time,
    unknownDuplicates,
    guard,
  }: Pick<TransitionContext, 'time' | 'unknownDuplicates' | 'guard'>,
): PendingLookup {
  const { nowMs } = time;
  const { sentAtMs = EARLIEST_MS, abandonedAtMs: endedAtMs = nowMs, customer } = record;
  // A copy of the store does not have the last attempt of a key that it has.
  const abandonedAtMs = Math.max(endedAtMs, guard?.endedAtMs ?? endedAtMs);
  const lookup = { sentAtMs, abandonedAtMs, nowMs, unknownDuplicates, customer };
  return { ...lookup, guarded: isOfGuard(lookup, guard) };
}

type Past = Pick<KeyRecord, 'everUnknown' | 'sentAtMs' | 'abandonedAtMs' | 'customer'>;

function pastOf({ everUnknown, sentAtMs, abandonedAtMs, customer }: KeyRecord): Past {
  return { everUnknown, sentAtMs, abandonedAtMs, customer };
}

/** What a repeat without a record assumes, or a key under guard. Other requests have no past. */
function beforeAcquire(
  earlier: EarlierAttempt | undefined,
  nowMs: number,
  guard: Guard | undefined,
): Past {
  return {
    everUnknown: earlier !== undefined || guard !== undefined,
    sentAtMs: earlier ? nowMs - earlier.beganAgoMs : guard?.sinceMs,
    abandonedAtMs: earlier ? nowMs + earlier.mayRunForMs : guard?.endedAtMs,
    customer: undefined,
  };
}
