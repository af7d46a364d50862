import { describe, it } from '@jest/globals';
import {
  DUPLICATES,
  expectBroken,
  expectKept,
  NO_REFUSALS,
  ONE_JUMP,
  ONE_LOSS,
  ONE_PROCESS,
  ONE_RESTORE,
  type PendingKeys,
  run,
  TWO_PROCESSES,
} from '../src/testing/explorer/expectations.ts';
import { explore } from '../src/testing/explorer/explore.ts';
import { type FaultBudget, modelOfRepeats, TOLERATED } from '../src/testing/explorer/model.ts';
import { MUTATIONS, REPEAT_RULES, RULES, type Rules } from '../src/testing/explorer/rules.ts';

const ONE_SETBACK = { refusals: 0, giveUps: 0, noticedSetbacks: 1 };
/** A crash would end every request of the process. */
const UNNOTICED_HERE = { refusals: 0, giveUps: 0, crashes: 0, delays: 0, unnoticedJumps: 1 };
const ONE_DAMAGE = { refusals: 0, giveUps: 0, damages: 1 };
const ONE_SETTLEMENT = { refusals: 0, giveUps: 0, settlements: 1 };

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

  it.each<[string, PendingKeys, Partial<FaultBudget>, number, Partial<Rules>?]>([
    ['the clock of the store is set back', TWO_PROCESSES, ONE_SETBACK, 10_000],
    [
      'the clock jumps unnoticed, and all requests are at one process',
      TWO_PROCESSES,
      UNNOTICED_HERE,
      400,
      { isOneProcess: true },
    ],
    ['a record is damaged', TWO_PROCESSES, ONE_DAMAGE, 5000],
    ['an operator settles a key', TWO_PROCESSES, ONE_SETTLEMENT, 5000],
    [
      'an operator settles a duplicate',
      DUPLICATES,
      { ...ONE_SETTLEMENT, delays: 0, crashes: 0 },
      3000,
      { operatorMayTake: true },
    ],
  ])(
    'keeps all invariants when %s',
    (_title, pendingKeys, budget, statesAtLeast, rules = {}) => {
      expectKept(run(pendingKeys, { ...RULES, ...rules }, budget), statesAtLeast);
    },
    300_000,
  );

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
      'a process takes over a key that it holds itself',
      TWO_PROCESSES,
      /=> 2 customers were created for A/,
      UNNOTICED_HERE,
    ],
    [
      'a lease is not clamped when the clock is set back',
      TWO_PROCESSES,
      /=> A is not done after any number of retries/,
      ONE_SETBACK,
    ],
    [
      'a damaged key is sent again',
      TWO_PROCESSES,
      /is damaged[^]*=> 2 customers were created for A/,
      ONE_DAMAGE,
    ],
    [
      'an operator does not wait for the settling time',
      TWO_PROCESSES,
      /an operator settles[^]*=> (A is free|2 customers)/,
      ONE_SETTLEMENT,
    ],
    [
      'an operator settles a key that a request has used since',
      TWO_PROCESSES,
      /an operator settles[^]*=> (A is free|2 customers)/,
      ONE_SETTLEMENT,
    ],
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
});
