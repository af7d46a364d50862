import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type KeyEvent, type KeyRecord, expired, isHeld, transition } from './transition.ts';
import { ANSWER, LEASE_MS } from './testing/key-records.ts';

/** Something that happens to a key, some time after what happened before. */
interface Happening {
  readonly afterMs: number;
  readonly kind: KeyEvent['kind'] | 'expiry';
  readonly content: string;
  /** How many fences too old the event is. */
  readonly behind: number;
}

const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 1, LEASE_MS - 1, LEASE_MS, 3 * LEASE_MS),
    kind: fc.constantFrom<Happening['kind'][]>(
      'claim',
      'claim',
      'claim',
      'send',
      'send',
      'renew',
      'done',
      'release',
      'abandon',
      'resolve',
      'expiry',
    ),
    content: fc.constantFrom('content', 'content', 'other'),
    behind: fc.constantFrom(0, 0, 0, 1),
  }),
  { maxLength: 20 },
);

interface Moment {
  readonly before: KeyRecord | undefined;
  readonly after: KeyRecord | undefined;
  readonly nowMs: number;
  readonly event: KeyEvent | undefined;
}

function eventOf({ kind, content, behind }: Happening, fence: number): KeyEvent | undefined {
  const held = { fence: fence - behind, leaseMs: LEASE_MS };
  switch (kind) {
    case 'claim':
      return { kind, content, leaseMs: LEASE_MS };
    case 'send':
    case 'renew':
      return { kind, ...held };
    case 'done':
      return { kind, fence: held.fence, customer: `customer ${fence}`, answer: ANSWER };
    case 'release':
    case 'abandon':
      return { kind, fence: held.fence };
    case 'resolve':
      return { kind, customer: content === 'other' ? undefined : 'said' };
    case 'expiry':
      return undefined;
  }
}

/** What there is to know of the key, whether or not somebody has written that the lease ran out. */
function known(record: KeyRecord, nowMs: number): KeyRecord {
  return isHeld(record) && record.leaseUntilMs <= nowMs ? expired(record) : record;
}

/** As a store would do it: an expiry is written when a duplicate is claimed after the lease. */
function momentsOf(happened: readonly Happening[]): Moment[] {
  const moments: Moment[] = [];
  let before: KeyRecord | undefined;
  let nowMs = 1000;
  for (const each of happened) {
    nowMs += each.afterMs;
    const event = eventOf(each, before?.fence ?? 0);
    const after = event
      ? (transition(before, event, nowMs).record ?? before)
      : before && known(before, nowMs);
    moments.push({ before, after, nowMs, event });
    before = after;
  }
  return moments;
}

function always(check: (moment: Moment) => void): void {
  const everyMoment = fc.property(happenings, (happened) => {
    momentsOf(happened).forEach(check);
  });
  fc.assert(everyMoment, { numRuns: 1000 });
}

describe('a record, whatever happens to its key', () => {
  it('never has a lower fence than before, and a higher one for every claim', () => {
    always(({ before, after, event }) => {
      const grown = (after?.fence ?? 0) - (before?.fence ?? 0);
      expect(grown).toBeGreaterThanOrEqual(event?.kind === 'claim' && after !== before ? 1 : 0);
    });
  });

  it('never forgets that it was unknown, unless an operator says that nothing was created', () => {
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

  it('keeps its content unless it is free', () => {
    always(({ before, after, nowMs }) => {
      if (before && known(before, nowMs).state !== 'free') {
        expect(after?.content).toBe(before.content);
      }
    });
  });

  it('is claimed after its lease as if the expiry had been written', () => {
    always(({ before, event, nowMs }) => {
      if (!before || event?.kind !== 'claim') return;
      const written = transition(known(before, nowMs), event, nowMs);
      const { record, outcome } = transition(before, event, nowMs);
      expect(record).toEqual(written.record);
      // But for that somebody was not done in time.
      expect({ ...outcome, tookOver: false }).toEqual({ ...written.outcome, tookOver: false });
    });
  });

  it('has to be looked for whenever an attempt may have been carried out', () => {
    always(({ before, event, nowMs }) => {
      if (event?.kind !== 'claim') return;
      const { outcome } = transition(before, event, nowMs);
      if (outcome.kind !== 'claimed') return;
      const doubtful = before?.everUnknown === true || before?.state === 'sent';
      expect(outcome.look !== undefined).toBe(doubtful);
    });
  });

  it('waits from the end of the latest attempt, and sees back to the first', () => {
    always(({ before, after }) => {
      if (!before?.everUnknown || !after?.everUnknown) return;
      expect(after.sentAtMs).toBe(before.sentAtMs);
      expect(after.abandonedAtMs).toBeGreaterThanOrEqual(before.abandonedAtMs ?? Infinity);
    });
  });
});
