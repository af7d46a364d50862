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

/** @param lastFence of the last lease of the key; the event has this one or another */
function eventOf(step: Step, lastFence = 0): KeyEvent {
  const { fingerprint, customer, leaseMs, response } = step;
  const fence = lastFence - step.behind;
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

function note(fences: Map<string, number>, key: string, outcome: KeyOutcome): void {
  if (outcome.kind === 'acquired') fences.set(key, outcome.fence);
}

/** Leaves out times and fences, because each store has its own. */
function comparable(outcome: KeyOutcome): object {
  if (outcome.kind === 'in-progress') return { kind: 'in-progress' };
  if (outcome.kind === 'acquired') {
    const { lookup, tookOver } = outcome;
    return { kind: 'acquired', lookup: lookup?.unknownDuplicates, tookOver };
  }
  return outcome.kind === 'replay' ? { ...outcome, response: [...outcome.response] } : outcome;
}

function comparableRecord(record: KeyRecord): object {
  const { sentAtMs, abandonedAtMs, response } = record;
  const times = { sent: sentAtMs !== undefined, abandoned: abandonedAtMs !== undefined };
  const { state, fingerprint, everUnknown, customer } = record;
  return {
    state,
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
        const [fences, modelFences] = [new Map<string, number>(), new Map<string, number>()];
        const outcomes: Promise<KeyOutcome>[] = [];
        const expected: object[] = [];
        for (const step of sequence) {
          // A store that applies events in order gives the same fences as the model.
          const fence = (inOrder ? modelFences : fences).get(step.key);
          const wanted = await model.apply(step.key, eventOf(step, modelFences.get(step.key)));
          const outcome = store.apply(step.key, eventOf(step, fence));
          outcomes.push(outcome);
          expected.push(comparable(wanted));
          note(modelFences, step.key, wanted);
          if (!inOrder) note(fences, step.key, await outcome);
        }
        expect((await Promise.all(outcomes)).map(comparable)).toEqual(expected);
        const records = await data.records();
        for (const key of KEYS) {
          const [kept, wanted] = [records.get(key), model.record(key)];
          expect(kept && comparableRecord(kept)).toEqual(wanted && comparableRecord(wanted));
        }
      }),
      { numRuns: inOrder ? 150 : 30 },
    );
  });
}
