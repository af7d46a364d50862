import {
  afterExpiry,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
} from './transition.ts';

/** What a store reads under its lock before it applies an event. */
export interface StoredState {
  /** The record of the key itself. */
  readonly own: KeyRecord | undefined;
  /** For `acquire`: another record with the same fingerprint that is held. */
  readonly duplicate: KeyRecord | undefined;
  /** For `acquire`: how many other records with the same fingerprint are unknown. */
  readonly unknownDuplicates: number;
  /** Whether the customer of the event belongs to another key. */
  readonly ownedByAnother: boolean;
}

/** What a store then writes: the duplicate first, so that two records are never held at once. */
export interface Decision {
  readonly outcome: KeyOutcome;
  readonly duplicate?: KeyRecord;
  readonly own?: KeyRecord;
}

/**
 * Adds the rules between keys to `transition`. A held duplicate only prevents `acquire` from
 * succeeding: a stored response is replayed in any case.
 */
export function decide(
  { own, duplicate, unknownDuplicates, ownedByAnother }: StoredState,
  event: KeyEvent,
  nowMs: number,
): Decision {
  const expiredDuplicate =
    duplicate && isHeld(duplicate) && duplicate.leaseUntilMs <= nowMs
      ? afterExpiry(duplicate)
      : undefined;
  const isUnknown =
    expiredDuplicate?.state === 'unknown' && expiredDuplicate.customer === undefined;
  const duplicates = unknownDuplicates + (isUnknown ? 1 : 0);
  const { record, outcome } = transition(own, event, nowMs, duplicates);
  if (!record) return { outcome };
  if (ownedByAnother) return { outcome: { kind: 'owned-by-another' } };
  if (!duplicate || !isHeld(duplicate)) return { outcome, own: record };
  if (expiredDuplicate) return { outcome, duplicate: expiredDuplicate, own: record };
  return { outcome: { kind: 'in-progress', leftMs: duplicate.leaseUntilMs - nowMs } };
}

/** The digest of the customer that the event assigns to its key. */
export function customerOf(event: KeyEvent): string | undefined {
  return event.kind === 'complete' || event.kind === 'resolve' ? event.customer : undefined;
}
