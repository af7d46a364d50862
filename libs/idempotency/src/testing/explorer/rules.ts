import {
  type KeyEvent,
  type KeyRecord,
  type Look,
  type Transition,
  transition,
} from '../../transition.ts';

/** What the proxy goes by. Each rule can be broken alone, to see that it is needed. */
export interface Rules {
  readonly transition: (
    found: KeyRecord | undefined,
    event: KeyEvent,
    nowMs: number,
    unsettledDuplicates: number,
  ) => Transition;
  /** Whether 'sent' outlives a crash. */
  readonly sentIsDurable: boolean;
  readonly twinLock: boolean;
  /** Whether a look-up leaves out customers of other keys. */
  readonly ownership: boolean;
  /** Whether the store refuses a customer that belongs to another key. */
  readonly unique: boolean;
  readonly settle: number;
  readonly attempt: number;
  readonly lease: number;
  /** The last check before the request is written. */
  readonly mayWrite: (now: number, leaseUntil: number) => boolean;
  /** Whether so many full matches tell which customer is the key's. */
  readonly mayAdopt: (matches: number, look: Look) => boolean;
}

const ATTEMPT = 1;

/** Times are as small as they can be and still differ: a lease outlives an attempt by one. */
export const REAL: Rules = {
  transition,
  sentIsDurable: true,
  twinLock: true,
  ownership: true,
  unique: true,
  settle: 1,
  attempt: ATTEMPT,
  lease: 2,
  mayWrite: (now, leaseUntil) => now + ATTEMPT <= leaseUntil,
  mayAdopt: (matches, { unsettledDuplicates }) => matches <= 1 + unsettledDuplicates,
};

/** Knows not who sends the event: whoever holds the key now, it seems. */
const unfenced: Rules['transition'] = (found, event, ...rest) =>
  transition(found, found && 'fence' in event ? { ...event, fence: found.fence } : event, ...rest);

/** Forgets, when a look-up ends early, that an attempt was ever unknown. */
const forgetful: Rules['transition'] = (found, event, ...rest) => {
  const next = transition(found, event, ...rest);
  if (next.record?.state !== 'unknown' || found?.state !== 'reserved') return next;
  return { ...next, record: { ...next.record, state: 'free', everUnknown: false } };
};

/** The rules with one of them broken, by what is broken. */
export const WRONG = {
  'sent is not durable': { ...REAL, sentIsDurable: false },
  'nothing is fenced': { ...REAL, transition: unfenced },
  'duplicates are not locked': { ...REAL, twinLock: false },
  'duplicates are neither locked nor kept withSeparateAttempts by the store': {
    ...REAL,
    twinLock: false,
    unique: false,
  },
  'a key is freed after it was unknown': { ...REAL, transition: forgetful },
  'customers are adopted whoever owns them': { ...REAL, ownership: false, unique: false },
  'a look-up does not wait': { ...REAL, settle: -1 },
  'the lease is not checked before the write': { ...REAL, mayWrite: () => true },
  'the lease is checked, but not whether an attempt fits': {
    ...REAL,
    attempt: 2,
    lease: 3,
    mayWrite: (now: number, leaseUntil: number) => now < leaseUntil,
  },
  'the lease is shorter than an attempt': {
    ...REAL,
    attempt: 2,
    lease: 1,
    mayWrite: (now: number, leaseUntil: number) => now < leaseUntil,
  },
  'several matches settle nothing, even where as many duplicates are unknown': {
    ...REAL,
    mayAdopt: (matches: number) => matches === 1,
  },
} as const satisfies Record<string, Rules>;
