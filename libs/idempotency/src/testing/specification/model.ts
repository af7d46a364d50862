import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KeyEvent, KeyOutcome, KeyRecord } from '../../transition.ts';
import { MemoryStore } from '../memory-store.ts';
import { HOUR_MS, RUN_OUT, type Subject } from './store-under-test.ts';

const KEYS = ['one', 'two', 'three', 'four'];

const steps = fc.array(
  fc.record({
    key: fc.constantFrom(...KEYS),
    kind: fc.constantFrom('claim', 'claim', 'send', 'renew', 'done', 'release', 'abandon'),
    content: fc.constantFrom('lunch', 'dinner'),
    customer: fc.constantFrom('adele', 'isaiah'),
    leaseMs: fc.constantFrom(RUN_OUT, HOUR_MS, HOUR_MS),
    behind: fc.constantFrom(0, 0, 0, 1),
    answer: fc.uint8Array({ maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 25 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** Of the current claim, or of the one before it. */
function eventOf(step: Step, record: KeyRecord | undefined): KeyEvent {
  const { content, customer, leaseMs, answer } = step;
  const fence = (record?.fence ?? 1) - step.behind;
  switch (step.kind) {
    case 'claim':
      return { kind: 'claim', content, leaseMs };
    case 'send':
    case 'renew':
      return { kind: step.kind, fence, leaseMs };
    case 'done':
      return { kind: 'done', fence, customer, answer };
    case 'release':
    case 'abandon':
      return { kind: step.kind, fence };
  }
}

/** Without the time of day, which is each store's own. */
function timeless(outcome: KeyOutcome): object {
  if (outcome.kind === 'running') return { kind: 'running' };
  if (outcome.kind === 'claimed') return { ...outcome, look: outcome.look?.unsettledDuplicates };
  return outcome.kind === 'replay' ? { ...outcome, answer: [...outcome.answer] } : outcome;
}

function timelessRecord(record: KeyRecord): object {
  const { sentAtMs, abandonedAtMs, answer } = record;
  const times = { sent: sentAtMs !== undefined, abandoned: abandonedAtMs !== undefined };
  const { state, fence, content, everUnknown, customer } = record;
  return { state, fence, content, everUnknown, customer, ...times, answer: answer && [...answer] };
}

/**
 * @param inOrder whether the store carries out in order what it is asked at once
 */
export function specifyModel(subject: Subject, inOrder: boolean): void {
  test('does with any events what a map would', async () => {
    const { store, database } = subject;
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        await database.sql('DELETE FROM idempotency_keys');
        const model = new MemoryStore();
        const outcomes: Promise<KeyOutcome>[] = [];
        const expected: object[] = [];
        for (const step of given) {
          const event = eventOf(step, model.record(step.key));
          const outcome = store.apply(step.key, event);
          outcomes.push(outcome);
          expected.push(timeless(await model.apply(step.key, event)));
          if (!inOrder) await outcome;
        }
        expect((await Promise.all(outcomes)).map(timeless)).toEqual(expected);
        const records = await database.records();
        for (const key of KEYS) {
          const [kept, wanted] = [records.get(key), model.record(key)];
          expect(kept && timelessRecord(kept)).toEqual(wanted && timelessRecord(wanted));
        }
      }),
      { numRuns: inOrder ? 150 : 30 },
    );
  });
}
