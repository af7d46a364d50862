import {
  expired,
  isHeld,
  type KeyEvent,
  type KeyOutcome,
  type KeyRecord,
  transition,
} from './key-record.ts';

/** What a store has to read, under its lock, before it can apply an event. */
export interface Found {
  /** The record of the key itself. */
  readonly own: KeyRecord | undefined;
  /** The record of another key with the content of a claim, where one is held. */
  readonly twin: KeyRecord | undefined;
  /** How many other keys with the content of a claim are unknown. */
  readonly unsettledTwins: number;
  /** Whether the customer of the event belongs to another key. */
  readonly ownedByAnother: boolean;
}

/** What it then has to write: the twin first, so that two are never held at once. */
export interface Decision {
  readonly outcome: KeyOutcome;
  readonly twin?: KeyRecord;
  readonly own?: KeyRecord;
}

/**
 * `transition` with what concerns other keys. A twin stands only in the way of a claim that would
 * hold: what the key itself has to say, a remembered answer above all, is said in any case.
 */
export function decide(
  { own, twin, unsettledTwins, ownedByAnother }: Found,
  event: KeyEvent,
  nowMs: number,
): Decision {
  const lapsed = twin && isHeld(twin) && twin.leaseUntilMs <= nowMs ? expired(twin) : undefined;
  const isUnsettled = lapsed?.state === 'unknown' && lapsed.customer === undefined;
  const twins = unsettledTwins + (isUnsettled ? 1 : 0);
  const { record, outcome } = transition(own, event, nowMs, twins);
  if (!record) return { outcome };
  if (ownedByAnother) return { outcome: { kind: 'owned' } };
  if (!twin || !isHeld(twin)) return { outcome, own: record };
  if (lapsed) return { outcome, twin: lapsed, own: record };
  return { outcome: { kind: 'running', leftMs: twin.leaseUntilMs - nowMs } };
}

/** Digest of the customer that an event would give to its key. */
export function customerOf(event: KeyEvent): string | undefined {
  return event.kind === 'done' || event.kind === 'resolve' ? event.customer : undefined;
}
