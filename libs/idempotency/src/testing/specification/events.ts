import { beforeEach } from '@jest/globals';
import type { StoreSecrets } from '../../data-key.ts';
import type { IdempotencyStore } from '../../store.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';

/** Of the stores under test. */
export const SECRETS: StoreSecrets = { current: 'secret', previous: undefined };

export const HOUR_MS = 3_600_000;

/** The duration of a lease that expires immediately. */
export const EXPIRED = 0;

export const RESPONSE = new Uint8Array([1, 2, 3]);

export const acquire = (fingerprint = 'lunch', leaseMs = HOUR_MS): KeyEvent => ({
  kind: 'acquire',
  fingerprint,
  leaseMs,
});
const REPEAT = { beganAgoMs: HOUR_MS / 4, replayForMs: HOUR_MS };
/** A repeat without a key. */
export const acquireRepeat = (replayForMs = HOUR_MS): KeyEvent => ({
  kind: 'acquire',
  fingerprint: 'lunch',
  leaseMs: HOUR_MS,
  earlier: { ...REPEAT, mayRunForMs: 0, replayForMs },
});
export const lost = (fingerprint = 'lunch'): KeyEvent => ({ kind: 'lost', fingerprint, ...REPEAT });
export const send = (fence = 1, leaseMs = HOUR_MS): KeyEvent => ({ kind: 'send', fence, leaseMs });
export const renew = (fence = 1, leaseMs = HOUR_MS): KeyEvent => ({
  kind: 'renew',
  fence,
  leaseMs,
});
export const release = (fence = 1): KeyEvent => ({ kind: 'release', fence });
export const abandon = (fence = 1): KeyEvent => ({ kind: 'abandon', fence });
export const resolve = (customer?: string): KeyEvent => ({ kind: 'resolve', customer });
export const discard = (response = RESPONSE): KeyEvent => ({ kind: 'discard', response });
export const complete = (fence = 1, customer = 'adele', response = RESPONSE): KeyEvent => ({
  kind: 'complete',
  fence,
  customer,
  response,
});

/** The fences of the leases of each key in this test, in order. */
const leases = new Map<string, readonly number[]>();

beforeEach(() => {
  leases.clear();
});

/** The fence of an event counts the leases of its key in this test, from 1. */
export async function apply(
  store: IdempotencyStore,
  key: string,
  event: KeyEvent,
): Promise<KeyOutcome> {
  const fences = leases.get(key) ?? [];
  const outcome = await store.apply(
    key,
    'fence' in event ? { ...event, fence: fences[event.fence - 1] ?? event.fence } : event,
  );
  if (outcome.kind === 'acquired') leases.set(key, [...fences, outcome.fence]);
  return outcome;
}

/** Applies events in order. @returns the outcome of the last one */
export async function applyAll(
  store: IdempotencyStore,
  key: string,
  ...events: readonly KeyEvent[]
): Promise<KeyOutcome | undefined> {
  let outcome: KeyOutcome | undefined;
  for (const event of events) outcome = await apply(store, key, event);
  return outcome;
}

/** Counts outcomes by kind. */
export function tally(outcomes: readonly KeyOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
