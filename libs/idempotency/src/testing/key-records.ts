import {
  type EarlierAttempt,
  type KeyEvent,
  type KeyRecord,
  transition,
  type TransitionContext,
} from '../transition.ts';

/** The time of every event in the tables. */
export const NOW = 10_000;
export const LEASE_MS = 100;
/** The fence of every record below. */
export const FENCE = 7;
export const RESPONSE = Uint8Array.of(1, 2, 3);
/** How long a repeat without a key is answered with a stored response. */
export const REPLAY_MS = 1000;
export const EARLIER: EarlierAttempt = {
  beganAgoMs: 3000,
  mayRunForMs: 50,
  replayForMs: REPLAY_MS,
};

const RESERVED: KeyRecord = {
  state: 'reserved',
  fence: FENCE,
  fingerprint: 'fingerprint',
  leaseUntilMs: NOW + 1,
  everUnknown: false,
  sentAtMs: undefined,
  abandonedAtMs: undefined,
  customer: undefined,
  response: undefined,
  changedAtMs: NOW - 1,
};
const SENT: KeyRecord = { ...RESERVED, state: 'sent', sentAtMs: 9000 };
/** The traces of an attempt with an unknown outcome. */
const UNKNOWN_BEFORE = { everUnknown: true, sentAtMs: 5000, abandonedAtMs: 6000 };
const LAPSED = { leaseUntilMs: NOW };

/** Every state. The held ones also after an unknown outcome, and with an expired lease. */
export const RECORDS = {
  nothing: undefined,
  reserved: RESERVED,
  'reserved, lapsed': { ...RESERVED, ...LAPSED },
  'reserved after unknown': { ...RESERVED, ...UNKNOWN_BEFORE },
  'reserved after unknown, lapsed': { ...RESERVED, ...UNKNOWN_BEFORE, ...LAPSED },
  sent: SENT,
  'sent, lapsed': { ...SENT, ...LAPSED },
  'sent after unknown': { ...SENT, ...UNKNOWN_BEFORE },
  'sent after unknown, lapsed': { ...SENT, ...UNKNOWN_BEFORE, ...LAPSED },
  done: { ...SENT, state: 'done', customer: 'customer', response: RESPONSE },
  damaged: { ...SENT, state: 'done', customer: 'customer' },
  free: { ...RESERVED, state: 'free' },
  unknown: { ...SENT, ...UNKNOWN_BEFORE, state: 'unknown' },
} satisfies Record<string, KeyRecord | undefined>;

/** The transition when the clock has always run evenly, and there are no duplicates. */
export function transitionAt(
  found: KeyRecord | undefined,
  event: KeyEvent,
  nowMs = NOW,
  context: Partial<TransitionContext> = {},
) {
  const { change, outcome } = transition(found, event, {
    time: { nowMs, evenSinceMs: 0, leasesSinceMs: 0 },
    unknownDuplicates: 0,
    nextFence: FENCE + 10,
    ...context,
  });
  const isDeleted = change === 'deleted';
  return { record: isDeleted ? undefined : change, isDeleted, outcome };
}

/** Every event, with the current fence. */
export const EVENTS: readonly KeyEvent[] = [
  { kind: 'acquire', fingerprint: 'fingerprint', leaseMs: LEASE_MS },
  { kind: 'acquire', fingerprint: 'other', leaseMs: LEASE_MS },
  { kind: 'send', fence: FENCE, leaseMs: LEASE_MS },
  { kind: 'renew', fence: FENCE, leaseMs: LEASE_MS },
  { kind: 'complete', fence: FENCE, customer: 'customer', response: RESPONSE },
  { kind: 'release', fence: FENCE },
  { kind: 'abandon', fence: FENCE },
  { kind: 'resolve', customer: 'customer' },
  { kind: 'resolve', customer: undefined },
  { kind: 'acquire', fingerprint: 'fingerprint', leaseMs: LEASE_MS, earlier: EARLIER },
  { kind: 'lost', fingerprint: 'fingerprint', beganAgoMs: 500, replayForMs: REPLAY_MS },
  { kind: 'discard', response: RESPONSE },
];
