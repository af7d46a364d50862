import {
  expired,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
} from './transition.ts';

/** What a store has to read, under its lock, before it can apply an event. */
export interface Found {
  /** The record of the key itself. */
  readonly own: KeyRecord | undefined;
  /** The record of another key with the content of a claim, where one is held. */
  readonly duplicate: KeyRecord | undefined;
  /** How many other keys with the content of a claim are unknown. */
  readonly unsettledDuplicates: number;
  /** Whether the customer of the event belongs to another key. */
  readonly ownedByAnother: boolean;
}

/** What it then has to write: the duplicate first, so that two are never held at once. */
export interface Decision {
  readonly outcome: KeyOutcome;
  readonly duplicate?: KeyRecord;
  readonly own?: KeyRecord;
}

/**
 * `transition` with what concerns other keys. A duplicate stands only in the way of a claim that would
 * hold: what the key itself has to say, a remembered answer above all, is said in any case.
 */
export function decide(
  { own, duplicate, unsettledDuplicates, ownedByAnother }: Found,
  event: KeyEvent,
  nowMs: number,
): Decision {
  const lapsed = duplicate && isHeld(duplicate) && duplicate.leaseUntilMs <= nowMs ? expired(duplicate) : undefined;
  const isUnsettled = lapsed?.state === 'unknown' && lapsed.customer === undefined;
  const duplicates = unsettledDuplicates + (isUnsettled ? 1 : 0);
  const { record, outcome } = transition(own, event, nowMs, duplicates);
  if (!record) return { outcome };
  if (ownedByAnother) return { outcome: { kind: 'owned' } };
  if (!duplicate || !isHeld(duplicate)) return { outcome, own: record };
  if (lapsed) return { outcome, duplicate: lapsed, own: record };
  return { outcome: { kind: 'running', leftMs: duplicate.leaseUntilMs - nowMs } };
}

/** Digest of the customer that an event would give to its key. */
export function customerOf(event: KeyEvent): string | undefined {
  return event.kind === 'done' || event.kind === 'resolve' ? event.customer : undefined;
}
