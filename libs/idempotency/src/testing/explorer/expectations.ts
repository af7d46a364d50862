import { expect } from '@jest/globals';
import { type Exploration, explore, formatExploration } from './explore.ts';
import { type FaultBudget, initialModel, TOLERATED } from './model.ts';
import type { Rules } from './rules.ts';

/** For each process, the keys of its callers. They retry after a crash. */
export type PendingKeys = readonly (readonly string[])[];

export const ONE_PROCESS: PendingKeys = [['A']];
export const TWO_PROCESSES: PendingKeys = [['A'], ['A']];
export const DUPLICATES: PendingKeys = [['A'], ['B']];

/** Fewer faults, where they are not needed to find a violation, make the search shorter. */
export const NO_REFUSALS = { refusals: 0 };
export const ONE_LOSS = { crashes: 0, delays: 0, refusals: 0, giveUps: 0 };

export const ONE_RESTORE = { refusals: 0, giveUps: 0, crashes: 0, restores: 1 };

export const ONE_JUMP = { refusals: 0, giveUps: 0, jumps: 1 };

export function run(
  pendingKeys: PendingKeys,
  rules: Rules,
  budget: Partial<FaultBudget> = {},
): Exploration {
  return explore(initialModel(pendingKeys, { ...TOLERATED, ...budget }), rules);
}

export function expectKept(exploration: Exploration, statesAtLeast: number): void {
  // Comparing text makes a failure show the trace.
  const { states, rests } = exploration;
  const kept = formatExploration({ states, rests, found: undefined });
  expect(formatExploration(exploration)).toBe(kept);
  expect(states).toBeGreaterThanOrEqual(statesAtLeast);
}

/** @param violation matches the end of the trace */
export function expectBroken(exploration: Exploration, violation: RegExp): void {
  expect(exploration.found).toBeDefined();
  expect(formatExploration(exploration)).toMatch(violation);
}
