import type { StoreTime } from '../../store-time.ts';
import {
  type EarlierAttempt,
  isDamaged,
  type KeyRecord,
  type PendingLookup,
  transition,
} from '../../transition.ts';

/** The rules of the protocol. The tests break each one, to show that it is needed. */
export interface Rules {
  readonly transition: typeof transition;
  /** The fence of the next lease. `last` is the last one of the store. */
  readonly nextFence: (last: number, found: KeyRecord | undefined) => number;
  /** Whether `sent` survives a crash. */
  readonly sentIsDurable: boolean;
  readonly duplicateLock: boolean;
  /** Whether a lookup skips customers of other keys. */
  readonly ownership: boolean;
  /** Whether the store refuses a customer that belongs to another key. */
  readonly unique: boolean;
  readonly settle: number;
  readonly attempt: number;
  readonly lease: number;
  /** The last check before the request is written. */
  readonly mayWrite: (now: number, leaseUntil: number) => boolean;
  /** Whether a store that was restored is under guard. */
  readonly guarded: boolean;
  /** How long the guard lasts. */
  readonly guardFor: number;
  /** How long after the time of the copy the guard begins. */
  readonly guardBeginsLate: number;
  /** Whether all creates are requests of one process, which takes no key over from itself. */
  readonly isOneProcess: boolean;
  /** Whether the operator waits for the settling time. */
  readonly operatorWaits: boolean;
  /** Whether the operator may give the customer of a running create to a duplicate. */
  readonly operatorMayTake: boolean;
  /** Whether the operator settles only the record that was read. */
  readonly operatorIsFenced: boolean;
  /** Whether a lookup under guard waits for attempts that may still run. */
  readonly guardWaits: boolean;
  /** What repeats without a key assume. Undefined when the callers have keys. */
  readonly earlier: EarlierAttempt | undefined;
  /** Whether a lookup with this number of full matches may adopt one of them. */
  readonly mayAdopt: (matches: number, lookup: PendingLookup) => boolean;
}

const ATTEMPT = 1;

/** Longer than a run. */
export const FOREVER = 1000;

/** The times are as small as possible: a lease is longer than an attempt by one. */
export const RULES: Rules = {
  transition,
  nextFence: (last) => last + 1,
  sentIsDurable: true,
  duplicateLock: true,
  ownership: true,
  unique: true,
  settle: 1,
  attempt: ATTEMPT,
  lease: 2,
  mayWrite: (now, leaseUntil) => now + ATTEMPT <= leaseUntil,
  mayAdopt: (matches, { unknownDuplicates }) => matches <= 1 + unknownDuplicates,
  guarded: true,
  guardFor: FOREVER,
  guardBeginsLate: 0,
  isOneProcess: false,
  operatorWaits: true,
  operatorIsFenced: true,
  operatorMayTake: false,
  guardWaits: true,
  earlier: undefined,
};

/** Longer than a run. */
const WINDOW = 50;

/** The rules for repeats without a key. An attempt may have begun when the repeat arrives. */
export const REPEAT_RULES: Rules = {
  ...RULES,
  earlier: { beganAgoMs: WINDOW, mayRunForMs: ATTEMPT, replayForMs: Infinity },
};

/** Mutation: every event has the current fence. */
const unfenced: Rules['transition'] = (found, event, context) =>
  transition(found, found && 'fence' in event ? { ...event, fence: found.fence } : event, context);

/** Mutation: a lookup without a result frees the key. */
const forgetful: Rules['transition'] = (found, event, context) => {
  const next = transition(found, event, context);
  const { change } = next;
  if (change === undefined || change === 'deleted') return next;
  if (change.state !== 'unknown' || found?.state !== 'reserved') return next;
  return { ...next, change: { ...change, state: 'free', everUnknown: false } };
};

/** Mutation: part of what the store knows of its clock is ignored. */
const ignoring =
  (ignored: Partial<StoreTime>): Rules['transition'] =>
  (found, event, context) =>
    transition(found, event, { ...context, time: { ...context.time, ...ignored } });

/** Mutation: a record from a later time counts as one from now, with the times that it has. */
const ignoringSetback: Rules['transition'] = (found, event, context) => {
  const { nowMs } = context.time;
  const isLater = found !== undefined && found.changedAtMs > nowMs;
  return transition(isLater ? { ...found, changedAtMs: nowMs } : found, event, context);
};

/** Mutation: a damaged record counts as none. */
const carefree: Rules['transition'] = (found, event, context) =>
  transition(found && isDamaged(found) ? undefined : found, event, context);

/** The rules with one mutation each. */
export const MUTATIONS = {
  '`sent` is not durable': { ...RULES, sentIsDurable: false },
  'events are not fenced': { ...RULES, transition: unfenced },
  'fences restart when a record is deleted': {
    ...RULES,
    nextFence: (_last: number, found: KeyRecord | undefined) => (found?.fence ?? 0) + 1,
  },
  'a jump of the clock does not delay take-overs': {
    ...RULES,
    transition: ignoring({ leasesSinceMs: 0 }),
  },
  'a jump of the clock ends the settling time': {
    ...RULES,
    transition: ignoring({ evenSinceMs: 0 }),
  },
  'duplicates are not locked': { ...RULES, duplicateLock: false },
  'neither the lock nor the unique index separates duplicates': {
    ...RULES,
    duplicateLock: false,
    unique: false,
  },
  'a key is freed after it was unknown': { ...RULES, transition: forgetful },
  'customers of other keys are adopted': { ...RULES, ownership: false, unique: false },
  'a lookup does not wait for the settling time': { ...RULES, settle: -1 },
  'the lease is not checked before the write': { ...RULES, mayWrite: () => true },
  'the lease is checked, but not whether an attempt fits': {
    ...RULES,
    attempt: 2,
    lease: 3,
    mayWrite: (now: number, leaseUntil: number) => now < leaseUntil,
  },
  'the lease is shorter than an attempt': {
    ...RULES,
    attempt: 2,
    lease: 1,
    mayWrite: (now: number, leaseUntil: number) => now < leaseUntil,
  },
  'a repeat does not wait for an attempt that may run': {
    ...REPEAT_RULES,
    earlier: { beganAgoMs: WINDOW, mayRunForMs: 0, replayForMs: Infinity },
  },
  'a repeat is sent without a lookup': RULES,
  'a process takes over a key that it holds itself': RULES,
  'a lease is not clamped when the clock is set back': {
    ...RULES,
    transition: ignoringSetback,
  },
  'a damaged key is sent again': { ...RULES, transition: carefree },
  'an operator does not wait for the settling time': { ...RULES, operatorWaits: false },
  'an operator settles a key that a request has used since': { ...RULES, operatorIsFenced: false },
  'a store that was restored has no guard': { ...RULES, guarded: false },
  'a lookup under guard does not wait for attempts that may run': { ...RULES, guardWaits: false },
  'several matches are always inconclusive, even with unknown duplicates': {
    ...RULES,
    mayAdopt: (matches: number) => matches === 1,
  },
} as const satisfies Record<string, Rules>;
