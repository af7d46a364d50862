import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ModelDatabase } from './testing/model-database.ts';
import { ReplicaUnderTest } from './testing/replica-under-test.ts';
import { settled, TestClock } from './testing/test-clock.ts';

const LIMITS = { times: { attemptMs: 1000, lingerMs: 1000 }, concurrency: 4, share: 1 };

const steps = fc.array(
  fc.record({
    replica: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('ask', 'end', 'abort', 'hold', 'arrive', 'pass'),
    count: fc.integer({ min: 1, max: 4 }),
    passMs: fc.constantFrom(1, 500, 2000),
    /** Whether the processes have time for their statements before the next step. */
    isCalm: fc.boolean(),
  }),
  { maxLength: 40 },
);

it('lets no request wait while a permit is free, and never begins a fifth', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const clock = new TestClock();
      const database = new ModelDatabase(LIMITS, clock);
      const all = ['a', 'b', 'c'].map((name) => new ReplicaUnderTest(database, name));
      const total = (of: (replica: ReplicaUnderTest) => number) =>
        all.reduce((sum, replica) => sum + of(replica), 0);
      let arrive = () => {
        // No reply is held back.
      };
      await settled();
      for (const { replica, kind, count, passMs, isCalm } of run) {
        if (kind === 'ask') all[replica]?.ask(count);
        else if (kind === 'end') all[replica]?.end(count);
        else if (kind === 'abort') all[replica]?.abort(count);
        else if (kind === 'hold') {
          arrive();
          arrive = database.holdReplies();
        } else if (kind === 'arrive') arrive();
        else await clock.pass(passMs);
        if (isCalm) await settled();
        expect(total(({ running }) => running)).toBeLessThanOrEqual(4);
      }
      arrive();
      // Long enough for all statements that follow, and shorter than the time to the next contact.
      await clock.pass(50);
      const wanted = total(({ running, waiting }) => running + waiting);
      expect(total(({ running }) => running)).toBe(Math.min(4, wanted));
    }),
    { numRuns: 1000 },
  );
});
