import { violatedInvariant, isAtRest } from './invariants.ts';
import type { Rules } from './rules.ts';
import { stepsOf } from './steps.ts';
import { TOLERATED, type FaultBudget, type Step, type Model } from './model.ts';

const ROUNDS = 2;
const MAX_STEPS = 40;
/** No faults, and enough lookups without a result. */
const NO_FAULTS: FaultBudget = {
  ...TOLERATED,
  crashes: 0,
  losses: 0,
  delays: 0,
  refusals: 0,
  giveUps: ROUNDS * 10,
};

export interface Trace {
  readonly labels: readonly string[];
  readonly violation: string;
}

/**
 * Retries every key much later, from a model at rest and without faults, until all are done. Tries the
 * keys in both orders.
 *
 * @returns the trace to a failure, if there is one
 */
export function retryAll(model: Model, keys: readonly string[], rules: Rules): Trace | undefined {
  for (const order of [keys, keys.toReversed()]) {
    const trace = retryInOrder(model, order, rules);
    if (trace) return trace;
  }
  return undefined;
}

function retryInOrder(from: Model, order: readonly string[], rules: Rules): Trace | undefined {
  const labels: string[] = ['much later'];
  const noCallers = from.pendingKeys.map((): readonly string[] => []);
  let model: Model = { ...from, left: NO_FAULTS };
  for (const key of Array.from({ length: ROUNDS }, () => order).flat()) {
    if (model.records[key]?.state === 'done') continue;
    // A repeat without a record gives up until the attempt that it assumes has surely ended.
    model = { ...model, now: model.now + 10, pendingKeys: noCallers.with(0, [key]) };
    for (let count = 0; count < MAX_STEPS; count += 1) {
      if (count > 0 && isAtRest(model)) break;
      const step = nextWithoutFaults(model, rules);
      if (!step) break;
      labels.push(step.label);
      model = step.model;
      const violation = step.violation ?? violatedInvariant(model);
      if (violation !== undefined) return { labels, violation };
    }
  }
  const open = order.find((key) => model.records[key]?.state !== 'done');
  return open === undefined
    ? undefined
    : { labels, violation: `${open} is not done after any number of retries` };
}

/** Steps that make progress come first in the list. */
function nextWithoutFaults(model: Model, rules: Rules): Step | undefined {
  return stepsOf(model, rules)[0];
}
