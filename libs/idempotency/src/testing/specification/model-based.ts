import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';
import { MemoryStore } from '../memory-store.ts';
import { EXPIRED, HOUR_MS } from './events.ts';
import type { StoreFixture } from './store-under-test.ts';

const KEYS = ['one', 'two', 'three', 'four'];

const EARLIER = { beganAgoMs: HOUR_MS, mayRunForMs: HOUR_MS, replayForMs: Infinity };

const steps = fc.array(
  fc.record({
    key: fc.constantFrom(...KEYS),
    kind: fc.constantFrom(
      'acquire',
      'acquire',
      'repeat',
      'lost',
      'send',
      'renew',
      'complete',
      'release',
      'abandon',
    ),
    fingerprint: fc.constantFrom('lunch', 'dinner'),
    customer: fc.constantFrom('adele', 'isaiah'),
    leaseMs: fc.constantFrom(EXPIRED, HOUR_MS, HOUR_MS),
    behind: fc.constantFrom(0, 0, 0, 1),
    response: fc.uint8Array({ maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 25 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** The fence is the current one or the one before. */
function eventOf(step: Step, record: KeyRecord | undefined): KeyEvent {
  const { fingerprint, customer, leaseMs, response } = step;
  const fence = (record?.fence ?? 1) - step.behind;
  switch (step.kind) {
    case 'acquire':
      return { kind: 'acquire', fingerprint, leaseMs };
    case 'repeat':
      return { kind: 'acquire', fingerprint, leaseMs, earlier: EARLIER };
    case 'lost':
      return { kind: 'lost', fingerprint, beganAgoMs: HOUR_MS, replayForMs: EARLIER.replayForMs };
    case 'send':
    case 'renew':
      return { kind: step.kind, fence, leaseMs };
    case 'complete':
      return { kind: 'complete', fence, customer, response };
    case 'release':
    case 'abandon':
      return { kind: step.kind, fence };
  }
}

/** Leaves out times, because each store has its own clock. */
function withoutTimes(outcome: KeyOutcome): object {
  if (outcome.kind === 'in-progress') return { kind: 'in-progress' };
  if (outcome.kind === 'acquired') return { ...outcome, lookup: outcome.lookup?.unknownDuplicates };
  return outcome.kind === 'replay' ? { ...outcome, response: [...outcome.response] } : outcome;
}

function recordWithoutTimes(record: KeyRecord): object {
  const { sentAtMs, abandonedAtMs, response } = record;
  const times = { sent: sentAtMs !== undefined, abandoned: abandonedAtMs !== undefined };
  const { state, fence, fingerprint, everUnknown, customer } = record;
  return {
    state,
    fence,
    fingerprint,
    everUnknown,
    customer,
    ...times,
    response: response && [...response],
  };
}

/**
 * Compares the store with the in-memory store.
 *
 * @param inOrder see `specifyStore`
 */
export function specifyModelBased(fixture: StoreFixture, inOrder: boolean): void {
  test('behaves like the in-memory store', async () => {
    const { store, data } = fixture;
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        await data.clear();
        const model = new MemoryStore();
        const outcomes: Promise<KeyOutcome>[] = [];
        const expected: object[] = [];
        for (const step of sequence) {
          const event = eventOf(step, model.record(step.key));
          const outcome = store.apply(step.key, event);
          outcomes.push(outcome);
          expected.push(withoutTimes(await model.apply(step.key, event)));
          if (!inOrder) await outcome;
        }
        expect((await Promise.all(outcomes)).map(withoutTimes)).toEqual(expected);
        const records = await data.records();
        for (const key of KEYS) {
          const [kept, wanted] = [records.get(key), model.record(key)];
          expect(kept && recordWithoutTimes(kept)).toEqual(wanted && recordWithoutTimes(wanted));
        }
      }),
      { numRuns: inOrder ? 150 : 30 },
    );
  });
}
