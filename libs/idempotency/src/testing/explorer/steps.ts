import { storeSteps } from './clock.ts';
import { graphSteps } from './graph.ts';
import { operatorSteps } from './operator.ts';
import { restoreSteps } from './restore.ts';
import { proxySteps } from './proxy.ts';
import type { Rules } from './rules.ts';
import type { Step, Model } from './model.ts';

/** All possible next steps. The passing of time is the last one. */
export function stepsOf(model: Model, rules: Rules): Step[] {
  const steps = [
    ...graphSteps(model, rules),
    ...model.processes.flatMap((_, index) => proxySteps(model, index, rules)),
    ...storeSteps(model, rules),
    ...restoreSteps(model, rules),
    ...operatorSteps(model, rules),
  ];
  if (model.requests.every(({ by }) => by > model.now)) {
    const now = model.now + 1;
    steps.push({ label: `the clock shows ${now}`, model: { ...model, now } });
  }
  return steps;
}
