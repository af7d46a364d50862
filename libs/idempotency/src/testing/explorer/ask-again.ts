import { brokenPromise, isAtRest } from './promises.ts';
import type { Rules } from './rules.ts';
import { stepsOf } from './steps.ts';
import { ALLOWED, type Powers, type Step, type World } from './model.ts';

const ROUNDS = 2;
const STEPS_AT_MOST = 40;
/** Nothing goes wrong any more, and a process may give a look-up up as often as it must. */
const PEACE: Powers = {
  ...ALLOWED,
  crashes: 0,
  losses: 0,
  delays: 0,
  refusals: 0,
  giveUps: ROUNDS * 10,
};

export interface Story {
  readonly labels: readonly string[];
  readonly violation: string;
}

/**
 * From a world at rest, long after: every key is asked again, one after the other, in every order
 * that can matter, until all are done.
 *
 * @returns how that fails, or undefined when it does not
 */
export function askAgain(world: World, keys: readonly string[], rules: Rules): Story | undefined {
  for (const order of [keys, keys.toReversed()]) {
    const story = askInOrder(world, order, rules);
    if (story) return story;
  }
  return undefined;
}

function askInOrder(from: World, order: readonly string[], rules: Rules): Story | undefined {
  const labels: string[] = ['much later'];
  const silent = from.asked.map((): readonly string[] => []);
  let world: World = { ...from, now: from.now + 10, left: PEACE };
  for (const key of Array.from({ length: ROUNDS }, () => order).flat()) {
    if (world.records[key]?.state === 'done') continue;
    world = { ...world, asked: silent.with(0, [key]) };
    for (let count = 0; count < STEPS_AT_MOST; count += 1) {
      if (count > 0 && isAtRest(world)) break;
      const step = nextInPeace(world, rules);
      if (!step) break;
      labels.push(step.label);
      world = step.world;
      const violation = step.violation ?? brokenPromise(world);
      if (violation !== undefined) return { labels, violation };
    }
  }
  const open = order.find((key) => world.records[key]?.state !== 'done');
  return open === undefined
    ? undefined
    : { labels, violation: `${open} is never settled, however often it is asked` };
}

/** Work goes before waiting, and giving up comes last. */
function nextInPeace(world: World, rules: Rules): Step | undefined {
  return stepsOf(world, rules)[0];
}
