import { graphSteps } from './graph.ts';
import { proxySteps } from './proxy.ts';
import type { Rules } from './rules.ts';
import type { Step, World } from './model.ts';

/** Everything that can happen next; time passes last. */
export function stepsOf(world: World, rules: Rules): Step[] {
  const steps = [
    ...graphSteps(world, rules),
    ...world.processes.flatMap((_, index) => proxySteps(world, index, rules)),
  ];
  if (world.requests.every(({ by }) => by > world.now)) {
    const now = world.now + 1;
    steps.push({ label: `the clock shows ${now}`, world: { ...world, now } });
  }
  return steps;
}
