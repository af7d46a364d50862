import { describe, expect, it } from '@jest/globals';
import { type Exploration, explore, told } from './testing/explorer/explore.ts';
import { REAL, type Rules, WRONG } from './testing/explorer/rules.ts';
import { ALLOWED, type Powers, firstWorld } from './testing/explorer/model.ts';

/** By process, the keys that are asked there. After a crash they are asked there again. */
type Asked = readonly (readonly string[])[];

const ALONE: Asked = [['A']];
const TWICE: Asked = [['A'], ['A']];
const TWINS: Asked = [['A'], ['B']];

/** Powers that are not needed to find something, and would only make the search longer. */
const CALM = { refusals: 0 };
const ONE_LOSS = { crashes: 0, delays: 0, refusals: 0, giveUps: 0 };

function run(asked: Asked, rules: Rules, powers: Partial<Powers> = {}): Exploration {
  return explore(firstWorld(asked, { ...ALLOWED, ...powers }), rules);
}

function expectKept(exploration: Exploration, statesAtLeast: number): void {
  // Compared as text, so that a failure tells the story.
  const { states, rests } = exploration;
  const kept = told({ states, rests, found: undefined });
  expect(told(exploration)).toBe(kept);
  expect(states).toBeGreaterThanOrEqual(statesAtLeast);
}

/** @param violation how the story has to end */
function expectBroken(exploration: Exploration, violation: RegExp): void {
  expect(exploration.found).toBeDefined();
  expect(told(exploration)).toMatch(violation);
}

describe('the protocol of idempotent creates, explored', () => {
  it.each<[string, Asked, Partial<Powers>, number]>([
    ['a key asked again at its process, in over 2,500 states', ALONE, {}, 2500],
    ['a key asked at two processes, in over 28,000', TWICE, {}, 28_000],
    [
      'a key through two crashes and two lost answers, in over 16,000',
      TWICE,
      { crashes: 2, losses: 2, refusals: 0, giveUps: 0 },
      16_000,
    ],
    [
      'duplicates through a crash, a lost answer and a delay, in over 95,000',
      TWINS,
      { refusals: 0, giveUps: 0 },
      95_000,
    ],
    [
      'duplicates through a lost answer, a delay and a refusal, in over 75,000',
      TWINS,
      { crashes: 0, giveUps: 0 },
      75_000,
    ],
  ])(
    'keeps every promise for %s',
    (_title, asked, powers, statesAtLeast) => {
      expectKept(run(asked, REAL, powers), statesAtLeast);
    },
    60_000,
  );

  it('keeps every promise when an attempt takes longer', () => {
    const mayWrite: Rules['mayWrite'] = (now, leaseUntil) => now + 2 <= leaseUntil;
    expectKept(run(TWICE, { ...REAL, attempt: 2, lease: 3, mayWrite }), 28_000);
  }, 60_000);

  it.each<[keyof typeof WRONG, Asked, RegExp, Partial<Powers>?]>([
    ['sent is not durable', ALONE, /=> 2 customers were created for A/],
    ['nothing is fenced', TWICE, /=> 2 customers were created for A/],
    ['duplicates are not locked', TWINS, /=> what Graph created for a key went to another/, ONE_LOSS],
    ['duplicates are neither locked nor kept withSeparateAttempts by the store', TWINS, /=> A and B share/, ONE_LOSS],
    ['a key is freed after it was unknown', ALONE, /=> A is free, and Graph has stored a customer/],
    ['customers are adopted whoever owns them', TWINS, /=> A and B share/],
    ['a look-up does not wait', ALONE, /=> 2 customers were created for A/],
    ['the lease is not checked before the write', TWICE, /=> 2 customers were created for A/],
    [
      'the lease is checked, but not whether an attempt fits',
      TWICE,
      /=> 2 customers were created for A/,
    ],
    ['the lease is shorter than an attempt', TWICE, /=> 2 customers were created for A/],
    [
      'several matches settle nothing, even where as many duplicates are unknown',
      TWINS,
      /=> . is never settled, however often it is asked/,
    ],
  ])(
    'would break a promise if %s',
    (wrong, asked, violation, powers = CALM) => {
      expectBroken(run(asked, WRONG[wrong], powers), violation);
    },
    60_000,
  );

  it.each<[string, keyof Powers, RegExp]>([
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
      'somebody else makes an identical customer within the window',
      'strangers',
      /=> A has a customer of somebody else/,
    ],
    ['a customer is deleted before the look-up', 'deletions', /=> 2 customers were created for A/],
    ['a customer is edited before the look-up', 'edits', /=> A is never settled/],
  ])(
    'does not bear that %s',
    (_title, power, violation) => {
      expectBroken(run(TWICE, REAL, { ...CALM, [power]: 1 }), violation);
    },
    60_000,
  );
});
