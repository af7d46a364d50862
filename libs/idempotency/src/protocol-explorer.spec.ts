import { describe, expect, it } from '@jest/globals';
import { type Exploration, explore, formatExploration } from './testing/explorer/explore.ts';
import { REPEAT_RULES, RULES, type Rules, MUTATIONS } from './testing/explorer/rules.ts';
import {
  TOLERATED,
  type FaultBudget,
  initialModel,
  modelOfRepeats,
} from './testing/explorer/model.ts';

/** For each process, the keys of its callers. They retry after a crash. */
type PendingKeys = readonly (readonly string[])[];

const ONE_PROCESS: PendingKeys = [['A']];
const TWO_PROCESSES: PendingKeys = [['A'], ['A']];
const DUPLICATES: PendingKeys = [['A'], ['B']];

/** Fewer faults, where they are not needed to find a violation, make the search shorter. */
const NO_REFUSALS = { refusals: 0 };
const ONE_LOSS = { crashes: 0, delays: 0, refusals: 0, giveUps: 0 };

const ONE_RESTORE = { refusals: 0, giveUps: 0, crashes: 0, restores: 1 };

const ONE_JUMP = { refusals: 0, giveUps: 0, jumps: 1 };

function run(
  pendingKeys: PendingKeys,
  rules: Rules,
  budget: Partial<FaultBudget> = {},
): Exploration {
  return explore(initialModel(pendingKeys, { ...TOLERATED, ...budget }), rules);
}

function expectKept(exploration: Exploration, statesAtLeast: number): void {
  // Comparing text makes a failure show the trace.
  const { states, rests } = exploration;
  const kept = formatExploration({ states, rests, found: undefined });
  expect(formatExploration(exploration)).toBe(kept);
  expect(states).toBeGreaterThanOrEqual(statesAtLeast);
}

/** @param violation matches the end of the trace */
function expectBroken(exploration: Exploration, violation: RegExp): void {
  expect(exploration.found).toBeDefined();
  expect(formatExploration(exploration)).toMatch(violation);
}

describe('the protocol of idempotent creates, explored', () => {
  it.each<[string, PendingKeys, Partial<FaultBudget>, number]>([
    ['a key retried at its process, in over 2,500 states', ONE_PROCESS, {}, 2500],
    ['a key sent to two processes, in over 28,000', TWO_PROCESSES, {}, 28_000],
    ['a key when the clock of the store jumps, in over 28,000', TWO_PROCESSES, ONE_JUMP, 28_000],
    [
      'a key with two crashes and two lost responses, in over 16,000',
      TWO_PROCESSES,
      { crashes: 2, losses: 2, refusals: 0, giveUps: 0 },
      16_000,
    ],
    [
      'duplicates with a crash, a lost response and a delay, in over 95,000',
      DUPLICATES,
      { refusals: 0, giveUps: 0 },
      95_000,
    ],
    [
      'duplicates with a lost response, a delay and a refusal, in over 75,000',
      DUPLICATES,
      { crashes: 0, giveUps: 0 },
      75_000,
    ],
  ])(
    'keeps all invariants for %s',
    (_title, pendingKeys, budget, statesAtLeast) => {
      expectKept(run(pendingKeys, RULES, budget), statesAtLeast);
    },
    60_000,
  );

  it('keeps all invariants when an attempt takes longer', () => {
    const mayWrite: Rules['mayWrite'] = (now, leaseUntil) => now + 2 <= leaseUntil;
    expectKept(run(TWO_PROCESSES, { ...RULES, attempt: 2, lease: 3, mayWrite }), 28_000);
  });

  it.each<[string, PendingKeys, Partial<FaultBudget>]>([
    ['one process', ONE_PROCESS, ONE_RESTORE],
    ['one process, with a crash and a refusal', ONE_PROCESS, { restores: 1 }],
    ['two processes', TWO_PROCESSES, ONE_RESTORE],
    ['duplicates', DUPLICATES, { ...ONE_RESTORE, delays: 0, losses: 0 }],
  ])(
    'keeps all invariants when an older store is put back, at %s',
    (_title, pendingKeys, budget) => {
      expectKept(run(pendingKeys, RULES, budget), 10_000);
    },
    300_000,
  );

  it.each([
    ['one process', 1, {}],
    ['two processes', 2, { refusals: 0 }],
  ])(
    'keeps all invariants for repeats without a key at %s',
    (_title, processes, budget) => {
      const first = modelOfRepeats(processes, 'A', { ...TOLERATED, ...budget });
      expectKept(explore(first, REPEAT_RULES), 1000);
    },
    60_000,
  );

  it.each<[keyof typeof MUTATIONS]>([
    ['a repeat does not wait for an attempt that may run'],
    ['a repeat is sent without a lookup'],
  ])('violates an invariant if %s', (wrong) => {
    const first = modelOfRepeats(1, 'A', TOLERATED);
    expectBroken(explore(first, MUTATIONS[wrong]), /=> 2 customers were created for A/);
  });

  it.each<[keyof typeof MUTATIONS, PendingKeys, RegExp, Partial<FaultBudget>?]>([
    ['`sent` is not durable', ONE_PROCESS, /=> 2 customers were created for A/],
    ['events are not fenced', TWO_PROCESSES, /=> 2 customers were created for A/],
    ['fences restart when a record is deleted', TWO_PROCESSES, /=> 2 customers were created for A/],
    [
      'a jump of the clock does not delay take-overs',
      TWO_PROCESSES,
      /=> 2 customers were created for A/,
      ONE_JUMP,
    ],
    [
      'a jump of the clock ends the settling time',
      TWO_PROCESSES,
      /=> 2 customers were created for A/,
      ONE_JUMP,
    ],
    [
      'duplicates are not locked',
      DUPLICATES,
      /=> the customer of a key was assigned to another key/,
      ONE_LOSS,
    ],
    [
      'neither the lock nor the unique index separates duplicates',
      DUPLICATES,
      /=> A and B share/,
      ONE_LOSS,
    ],
    [
      'a key is freed after it was unknown',
      ONE_PROCESS,
      /=> A is free, and Graph has stored a customer/,
    ],
    ['customers of other keys are adopted', DUPLICATES, /=> A and B share/],
    [
      'a lookup does not wait for the settling time',
      ONE_PROCESS,
      /=> 2 customers were created for A/,
    ],
    [
      'the lease is not checked before the write',
      TWO_PROCESSES,
      /=> 2 customers were created for A/,
    ],
    [
      'the lease is checked, but not whether an attempt fits',
      TWO_PROCESSES,
      /=> 2 customers were created for A/,
    ],
    ['the lease is shorter than an attempt', TWO_PROCESSES, /=> 2 customers were created for A/],
    [
      'a store that was restored has no guard',
      ONE_PROCESS,
      /(is emptied|is put back)[^]*=> 2 customers were created for A/,
      ONE_RESTORE,
    ],
    [
      'a lookup under guard does not wait for attempts that may run',
      ONE_PROCESS,
      /=> 2 customers were created for A/,
      ONE_RESTORE,
    ],
    [
      'several matches are always inconclusive, even with unknown duplicates',
      DUPLICATES,
      /=> . is not done after any number of retries/,
    ],
  ])(
    'violates an invariant if %s',
    (wrong, pendingKeys, violation, budget = NO_REFUSALS) => {
      expectBroken(run(pendingKeys, MUTATIONS[wrong], budget), violation);
    },
    60_000,
  );

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
});
