import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type KeyEvent, type KeyRecord, afterExpiry, isHeld, transition } from './transition.ts';
import { RESPONSE, LEASE_MS } from './testing/key-records.ts';

/** An event, or an expiry of the lease, some time after the previous one. */
interface Step {
  readonly afterMs: number;
  readonly kind: KeyEvent['kind'] | 'repeat' | 'expiry';
  readonly fingerprint: string;
  /** How far the fence of the event is behind. */
  readonly behind: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 1, LEASE_MS - 1, LEASE_MS, 3 * LEASE_MS),
    kind: fc.constantFrom<Step['kind'][]>(
      'acquire',
      'acquire',
      'acquire',
      'send',
      'send',
      'renew',
      'complete',
      'release',
      'abandon',
      'resolve',
      'repeat',
      'lost',
      'expiry',
    ),
    fingerprint: fc.constantFrom('fingerprint', 'fingerprint', 'other'),
    behind: fc.constantFrom(0, 0, 0, 1),
  }),
  { maxLength: 20 },
);

interface AppliedStep {
  readonly before: KeyRecord | undefined;
  readonly after: KeyRecord | undefined;
  readonly nowMs: number;
  readonly event: KeyEvent | undefined;
}

/** A stored response is replayed at any time. */
const EARLIER = { beganAgoMs: 500, mayRunForMs: 50, replayForMs: Infinity };

function eventOf({ kind, fingerprint, behind }: Step, fence: number): KeyEvent | undefined {
  const held = { fence: fence - behind, leaseMs: LEASE_MS };
  switch (kind) {
    case 'acquire':
      return { kind, fingerprint, leaseMs: LEASE_MS };
    case 'send':
    case 'renew':
      return { kind, ...held };
    case 'complete':
      return { kind, fence: held.fence, customer: `customer ${fence}`, response: RESPONSE };
    case 'release':
    case 'abandon':
      return { kind, fence: held.fence };
    case 'resolve':
      return { kind, customer: fingerprint === 'other' ? undefined : 'named' };
    case 'repeat':
      return { kind: 'acquire', fingerprint, leaseMs: LEASE_MS, earlier: EARLIER };
    case 'lost':
      return { kind, fingerprint, ...EARLIER };
    case 'expiry':
      return undefined;
  }
}

/** The record with an expired lease taken into account. */
function effective(record: KeyRecord, nowMs: number): KeyRecord {
  return isHeld(record) && record.leaseUntilMs <= nowMs ? afterExpiry(record) : record;
}

/** Like a store, writes an expiry of its own, as when a duplicate is acquired. */
function transitionsOf(sequence: readonly Step[]): AppliedStep[] {
  const transitions: AppliedStep[] = [];
  let before: KeyRecord | undefined;
  let nowMs = 1000;
  for (const each of sequence) {
    nowMs += each.afterMs;
    const event = eventOf(each, before?.fence ?? 0);
    const after = event
      ? (transition(before, event, nowMs).record ?? before)
      : before && effective(before, nowMs);
    transitions.push({ before, after, nowMs, event });
    before = after;
  }
  return transitions;
}

function always(check: (applied: AppliedStep) => void): void {
  const everyAppliedStep = fc.property(steps, (sequence) => {
    transitionsOf(sequence).forEach(check);
  });
  fc.assert(everyAppliedStep, { numRuns: 1000 });
}

describe('a record after any events', () => {
  it('never lowers its fence, and raises it whenever it is acquired', () => {
    always(({ before, after, event }) => {
      const growth = (after?.fence ?? 0) - (before?.fence ?? 0);
      expect(growth).toBeGreaterThanOrEqual(event?.kind === 'acquire' && after !== before ? 1 : 0);
    });
  });

  it('remembers that it was unknown until an operator says that no customer was created', () => {
    always(({ before, after, event }) => {
      if (event?.kind === 'resolve' && event.customer === undefined) return;
      if (before?.everUnknown) expect(after?.everUnknown).toBe(true);
    });
  });

  it('is free only if it was never unknown', () => {
    always(({ after }) => {
      if (after?.state === 'free') expect(after.everUnknown).toBe(false);
      if (after?.state === 'unknown') expect(after.everUnknown).toBe(true);
    });
  });

  it('never changes once it is done', () => {
    always(({ before, after }) => {
      if (before?.state === 'done') expect(after).toBe(before);
    });
  });

  it('keeps its fingerprint unless it is free', () => {
    always(({ before, after, nowMs }) => {
      if (before && effective(before, nowMs).state !== 'free') {
        expect(after?.fingerprint).toBe(before.fingerprint);
      }
    });
  });

  it('is acquired after its lease like a record with a written expiry', () => {
    always(({ before, event, nowMs }) => {
      if (!before || event?.kind !== 'acquire') return;
      const written = transition(effective(before, nowMs), event, nowMs);
      const { record, outcome } = transition(before, event, nowMs);
      expect(record).toEqual(written.record);
      expect({ ...outcome, tookOver: false }).toEqual({ ...written.outcome, tookOver: false });
    });
  });

  it('requires a lookup whenever the outcome of an attempt is unknown', () => {
    always(({ before, event, nowMs }) => {
      if (event?.kind !== 'acquire') return;
      const { outcome } = transition(before, event, nowMs);
      if (outcome.kind !== 'acquired') return;
      const isUnknown =
        before?.everUnknown === true || before?.state === 'sent' || event.earlier !== undefined;
      expect(outcome.lookup !== undefined).toBe(isUnknown);
    });
  });

  it('keeps the first start and the last end of attempts with an unknown outcome', () => {
    always(({ before, after }) => {
      if (!before?.everUnknown || !after?.everUnknown) return;
      expect(after.sentAtMs).toBeLessThanOrEqual(before.sentAtMs ?? -Infinity);
      expect(after.abandonedAtMs).toBeGreaterThanOrEqual(before.abandonedAtMs ?? Infinity);
    });
  });
});
