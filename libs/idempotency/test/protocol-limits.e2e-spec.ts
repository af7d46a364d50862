import { describe, it } from '@jest/globals';
import {
  expectBroken,
  NO_REFUSALS,
  ONE_PROCESS,
  ONE_RESTORE,
  run,
  TWO_PROCESSES,
} from '../src/testing/explorer/expectations.ts';
import { explore } from '../src/testing/explorer/explore.ts';
import { type FaultBudget, modelOfRepeats, TOLERATED } from '../src/testing/explorer/model.ts';
import { REPEAT_RULES, RULES, type Rules } from '../src/testing/explorer/rules.ts';

const TWO_CUSTOMERS = /=> 2 customers were created for A/;
const OF_ANOTHER = /=> A has the customer of another client/;

/** Each case of "Limits" in docs/idempotency.md that the explorer can tell. */
describe('the protocol of idempotent creates', () => {
  it.each<[string, keyof FaultBudget, RegExp]>([
    [
      'a process is paused past its lease between its last check and its write',
      'pauses',
      /=> 2 customers were created for A/,
    ],
    [
      'Graph stores a customer later than the settling time',
      'lateCommits',
      /=> 2 customers were created for A/,
    ],
    [
      'another client creates an identical customer within the window',
      'strangers',
      /=> A has the customer of another client/,
    ],
    ['a customer is deleted before the lookup', 'deletions', /=> 2 customers were created for A/],
    ['a customer is edited before the lookup', 'edits', /=> A is not done after/],
    [
      'the clock of the store jumps ahead, and the process that takes over has not noticed it',
      'unnoticedJumps',
      /=> 2 customers were created for A/,
    ],
    [
      'the clock of the store is set back between an attempt and its lookup',
      'setbacks',
      /=> 2 customers were created for A/,
    ],
    [
      'the store forgets a key while its caller repeats the create',
      'losesRecords',
      /=> 2 customers were created for A/,
    ],
  ])(
    'does not tolerate that %s',
    (_title, power, violation) => {
      expectBroken(run(TWO_PROCESSES, RULES, { ...NO_REFUSALS, [power]: 1 }), violation);
    },
    60_000,
  );

  it.each<[string, Partial<FaultBudget>, RegExp, Partial<Rules>]>([
    ['the guard begins later than the copy was made', {}, TWO_CUSTOMERS, { guardBeginsLate: 2 }],
    ['a key is repeated after the guard has ended', {}, TWO_CUSTOMERS, { guardFor: 2 }],
    [
      'a store is restored while processes go on',
      { restores: 0, liveRestores: 1 },
      /=> (A is free, and Graph has stored|2 customers)/,
      {},
    ],
    ['a customer is deleted before its lost key is looked up', { deletions: 1 }, TWO_CUSTOMERS, {}],
    ['another client creates an equal customer since the copy', { strangers: 1 }, OF_ANOTHER, {}],
    ['the clock is set back under guard', { setbacks: 1 }, TWO_CUSTOMERS, {}],
    [
      'the clock is set past the end of the guard',
      { unnoticedJumps: 1 },
      TWO_CUSTOMERS,
      { guardFor: 3 },
    ],
  ])(
    'does not tolerate, after a restore, that %s',
    (_title, budget, violation, rules) => {
      expectBroken(
        run(ONE_PROCESS, { ...RULES, ...rules }, { ...ONE_RESTORE, ...budget }),
        violation,
      );
    },
    60_000,
  );

  it.each<[string, Partial<FaultBudget>, RegExp, number]>([
    ['a repeat comes late', {}, TWO_CUSTOMERS, 0],
    ['another client creates an equal customer', { strangers: 1 }, /=> A is not done/, 50],
  ])(
    'does not tolerate, without a key, that %s',
    (_title, budget, violation, beganAgoMs) => {
      const earlier = { beganAgoMs, mayRunForMs: 1, replayForMs: Infinity };
      const first = modelOfRepeats(1, 'A', { ...TOLERATED, ...budget });
      expectBroken(explore(first, { ...REPEAT_RULES, earlier }), violation);
    },
    60_000,
  );
});
