import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kept, unexpired } from './lease.ts';
import type { KeyEvent, KeyRecord } from './transition.ts';
import { RESPONSE, LEASE_MS, transitionAt } from './testing/key-records.ts';

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
      'discard',
      'expiry',
    ),
    fingerprint: fc.constantFrom('fingerprint', 'fingerprint', 'other'),
    behind: fc.constantFrom(0, 0, 0, 1),
  }),
  { maxLength: 20 },
);

interface AppliedStep {
  readonly before: KeyRecord | undefined;
  /** The fence of the last lease, also of a record that was deleted. */
  readonly lastFence: number;
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
    case 'discard':
      return { kind, response: RESPONSE };
    case 'expiry':
      return undefined;
  }
}

/** Like a store, writes an expiry of its own, as when a duplicate is acquired. */
function transitionsOf(sequence: readonly Step[]): AppliedStep[] {
  const transitions: AppliedStep[] = [];
  let before: KeyRecord | undefined;
  let nowMs = 1000;
  let lastFence = 0;
  for (const each of sequence) {
    nowMs += each.afterMs;
    const event = eventOf(each, before?.fence ?? lastFence);
    const after = afterStep(before, event, nowMs, lastFence);
    transitions.push({ before, after, nowMs, event, lastFence });
    if (event?.kind === 'acquire') lastFence = Math.max(lastFence, after?.fence ?? 0);
    before = after;
  }
  return transitions;
}

function afterStep(
  before: KeyRecord | undefined,
  event: KeyEvent | undefined,
  nowMs: number,
  lastFence: number,
): KeyRecord | undefined {
  if (event) {
    const { record, isDeleted } = transitionAt(before, event, nowMs, { nextFence: lastFence + 1 });
    return isDeleted ? undefined : (record ?? before);
  }
  const expired = unexpired(before, nowMs);
  const change = expired && kept(expired);
  return change === 'deleted' ? undefined : change;
}

function always(check: (applied: AppliedStep) => void): void {
  const everyAppliedStep = fc.property(steps, (sequence) => {
    transitionsOf(sequence).forEach(check);
  });
  fc.assert(everyAppliedStep, { numRuns: 1000 });
}

describe('a record after any events', () => {
  it('has a fence that no lease before had, whenever it is acquired', () => {
    always(({ before, after, event, lastFence }) => {
      if (event?.kind !== 'acquire' || after === before) return;
      expect(after?.fence).toBeGreaterThan(lastFence);
    });
  });

  it('keeps its fence when it is not acquired', () => {
    always(({ before, after, event }) => {
      if (before && after && event?.kind !== 'acquire') expect(after.fence).toBe(before.fence);
    });
  });

  it('remembers that it was unknown until an operator says that no customer was created', () => {
    always(({ before, after, event }) => {
      if (event?.kind === 'resolve' && event.customer === undefined) return;
      if (before?.everUnknown) expect(after?.everUnknown).toBe(true);
    });
  });

  it('is free only if an operator says that nothing was created, and unknown only if it ever was', () => {
    always(({ before, after, event }) => {
      if (event?.kind !== 'resolve' && before?.state !== 'free') {
        expect(after?.state).not.toBe('free');
      }
      if (after?.state === 'unknown') expect(after.everUnknown).toBe(true);
    });
  });

  it('is deleted only if it was not unknown', () => {
    always(({ before, after }) => {
      if (!before || after) return;
      expect([before.everUnknown, before.customer]).toEqual([false, undefined]);
    });
  });

  it('never changes once it is done, unless its response is discarded', () => {
    always(({ before, after, event }) => {
      if (before?.state !== 'done') return;
      if (event?.kind === 'discard') expect(after).toMatchObject({ state: 'done' });
      else if (before.response) expect(after).toBe(before);
    });
  });

  it('is sent no more once it is done, unless an operator says that nothing was created', () => {
    always(({ before, after, event }) => {
      if (before?.state !== 'done' || event?.kind === 'resolve') return;
      expect([after?.state, after?.customer]).toEqual(['done', before.customer]);
    });
  });

  it('keeps its fingerprint unless nothing was sent under it', () => {
    always(({ before, after, nowMs }) => {
      if (before && after && unexpired(before, nowMs)?.state !== 'free') {
        expect(after.fingerprint).toBe(before.fingerprint);
      }
    });
  });

  it('is acquired after its lease like a record with a written expiry', () => {
    always(({ before, event, nowMs }) => {
      if (!before || event?.kind !== 'acquire') return;
      const written = transitionAt(unexpired(before, nowMs), event, nowMs);
      const { record, outcome } = transitionAt(before, event, nowMs);
      expect(record).toEqual(written.record);
      expect({ ...outcome, tookOver: false }).toEqual({ ...written.outcome, tookOver: false });
    });
  });

  it('requires a lookup whenever the outcome of an attempt is unknown', () => {
    always(({ before, event, nowMs }) => {
      if (event?.kind !== 'acquire') return;
      const { outcome } = transitionAt(before, event, nowMs);
      if (outcome.kind !== 'acquired') return;
      const isUnknown =
        before?.everUnknown === true || before?.state === 'sent' || event.earlier !== undefined;
      expect(outcome.lookup !== undefined).toBe(isUnknown);
    });
  });

  it('keeps the first start and the last end of attempts with an unknown outcome', () => {
    always(({ before, after }) => {
      if (!before?.everUnknown || !after?.everUnknown) return;
      const { sentAtMs, abandonedAtMs } = before;
      // A damaged record whose customer an operator named has not been unknown after an attempt.
      if (sentAtMs !== undefined) expect(after.sentAtMs).toBeLessThanOrEqual(sentAtMs);
      if (abandonedAtMs === undefined) return;
      expect(after.abandonedAtMs).toBeGreaterThanOrEqual(abandonedAtMs);
    });
  });
});
