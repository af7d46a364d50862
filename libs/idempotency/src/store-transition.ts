import {
  type Change,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
  type TransitionContext,
} from './transition.ts';
import { afterExpiry, hasExpired, kept } from './lease.ts';
import { withinClock } from './store-time.ts';

/** What a store reads under its lock before it applies an event. */
export interface StoredState extends TransitionContext {
  /** The record of the key itself. */
  readonly own: KeyRecord | undefined;
  /** Whether `own` stands for a row that cannot be read. It must be stored, so that it is counted. */
  readonly isUnreadable?: boolean;
  /** For `acquire`: another record with the same fingerprint whose row says that it is held. */
  readonly duplicate: KeyRecord | undefined;
  /** Whether the customer of the event belongs to another key. */
  readonly ownedByAnother: boolean;
}

/** What a store then writes: the duplicate first, so that two records are never held at once. */
export interface StoreTransition {
  readonly outcome: KeyOutcome;
  readonly duplicate?: Change;
  readonly own?: Change;
}

/**
 * Adds the rules between keys to `transition`. A held duplicate only prevents `acquire` from
 * succeeding: a stored response is replayed in any case.
 */
export function storeTransition(
  { own, isUnreadable, duplicate, ownedByAnother, ...context }: StoredState,
  event: KeyEvent,
): StoreTransition {
  const { time } = context;
  const { nowMs } = time;
  const rival = duplicate && isHeld(duplicate) ? withinClock(duplicate, time) : undefined;
  const isHeldHere = event.kind === 'acquire' && event.heldHere;
  const mayEnd = rival && !isHeldHere && hasExpired(rival, nowMs);
  const ended = mayEnd ? { ...afterExpiry(rival), changedAtMs: nowMs } : undefined;
  const isUnknown = ended?.state === 'unknown' && ended.customer === undefined;
  const unknownDuplicates = context.unknownDuplicates + (isUnknown ? 1 : 0);
  const { change, outcome } = transition(own, event, { ...context, unknownDuplicates });
  if (!change) {
    return { outcome, ...(isUnreadable && own && { own: { ...own, changedAtMs: nowMs } }) };
  }
  if (ownedByAnother) return { outcome: { kind: 'owned-by-another' } };
  if (outcome.kind !== 'acquired' || !duplicate) return { outcome, own: change };
  if (!rival) {
    // Its row cannot be read, so an attempt may be in progress. Afterwards only its own key is damaged.
    const damaged = { ...duplicate, changedAtMs: nowMs };
    return { outcome: { kind: 'in-progress', leftMs: 0 }, duplicate: damaged };
  }
  if (ended) return { outcome, duplicate: kept(ended), own: change };
  const leftMs = Math.max(0, rival.leaseUntilMs - nowMs);
  return {
    outcome: { kind: 'in-progress', leftMs },
    ...(rival !== duplicate && { duplicate: rival }),
  };
}

/** The digest of the customer that the event assigns to its key. */
export function customerOf(event: KeyEvent): string | undefined {
  return event.kind === 'complete' || event.kind === 'resolve' ? event.customer : undefined;
}
