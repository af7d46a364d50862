import type { KeyEvent, KeyRecord } from '../transition.ts';

/** When everything in a table happens. */
export const NOW = 10_000;
export const LEASE_MS = 100;
/** Of every record below. */
export const FENCE = 7;
export const ANSWER = Uint8Array.of(1, 2, 3);

const RESERVED: KeyRecord = {
  state: 'reserved',
  fence: FENCE,
  content: 'content',
  leaseUntilMs: NOW + 1,
  everUnknown: false,
  sentAtMs: undefined,
  abandonedAtMs: undefined,
  customer: undefined,
  answer: undefined,
};
const SENT: KeyRecord = { ...RESERVED, state: 'sent', sentAtMs: 9000 };
/** What is remembered of an attempt that may have been carried out. */
const DOUBT = { everUnknown: true, sentAtMs: 5000, abandonedAtMs: 6000 };
const LAPSED = { leaseUntilMs: NOW };

/** Every state, and each held one under a doubt and after its lease as well. */
export const RECORDS = {
  nothing: undefined,
  reserved: RESERVED,
  'reserved, lapsed': { ...RESERVED, ...LAPSED },
  'reserved in doubt': { ...RESERVED, ...DOUBT },
  'reserved in doubt, lapsed': { ...RESERVED, ...DOUBT, ...LAPSED },
  sent: SENT,
  'sent, lapsed': { ...SENT, ...LAPSED },
  'sent in doubt': { ...SENT, ...DOUBT },
  'sent in doubt, lapsed': { ...SENT, ...DOUBT, ...LAPSED },
  done: { ...SENT, state: 'done', customer: 'customer', answer: ANSWER },
  free: { ...RESERVED, state: 'free' },
  unknown: { ...SENT, ...DOUBT, state: 'unknown' },
} satisfies Record<string, KeyRecord | undefined>;

/** Every event, from who holds the key. */
export const EVENTS: readonly KeyEvent[] = [
  { kind: 'claim', content: 'content', leaseMs: LEASE_MS },
  { kind: 'claim', content: 'other', leaseMs: LEASE_MS },
  { kind: 'send', fence: FENCE, leaseMs: LEASE_MS },
  { kind: 'renew', fence: FENCE, leaseMs: LEASE_MS },
  { kind: 'done', fence: FENCE, customer: 'customer', answer: ANSWER },
  { kind: 'release', fence: FENCE },
  { kind: 'abandon', fence: FENCE },
  { kind: 'resolve', customer: 'customer' },
  { kind: 'resolve', customer: undefined },
];
