import { type Story, askAgain } from './ask-again.ts';
import { brokenPromise, isAtRest } from './promises.ts';
import type { Rules } from './rules.ts';
import { whatMatters } from './same-model.ts';
import { stepsOf } from './steps.ts';
import type { World } from './model.ts';

export interface Exploration {
  readonly states: number;
  /** How many of them were at rest, and were asked again from. */
  readonly rests: number;
  /** The shortest story that ends in a broken promise. */
  readonly found: Story | undefined;
}

interface Visit {
  readonly world: World;
  readonly label: string;
  readonly from: Visit | undefined;
}

/** Visits every world that can come of the first one, nearest first, until a promise is broken. */
export function explore(first: World, rules: Rules): Exploration {
  const keys = [...new Set(first.asked.flat())];
  const seen = new Set([whatMatters(first, rules)]);
  const rested = new Set<string>();
  let visits: Visit[] = [{ world: first, label: '', from: undefined }];
  const end = (found?: Story): Exploration => ({ states: seen.size, rests: rested.size, found });
  while (visits.length > 0) {
    const next: Visit[] = [];
    for (const visit of visits) {
      if (isAtRest(visit.world)) {
        const rest = whatMatters({ ...visit.world, left: first.left }, rules);
        const story = rested.has(rest) ? undefined : askAgain(visit.world, keys, rules);
        rested.add(rest);
        if (story) {
          return end({ ...story, labels: [...labelsTo(visit), ...story.labels] });
        }
      }
      for (const step of stepsOf(visit.world, rules)) {
        const state = whatMatters(step.world, rules);
        if (seen.has(state)) continue;
        seen.add(state);
        const reached: Visit = { world: step.world, label: step.label, from: visit };
        const violation = step.violation ?? brokenPromise(step.world);
        if (violation !== undefined) return end({ labels: labelsTo(reached), violation });
        next.push(reached);
      }
    }
    visits = next;
  }
  return end();
}

/** Oldest first; nothing led to the first world. */
function labelsTo({ label, from }: Visit): string[] {
  return from ? [...labelsTo(from), label] : [];
}

/** A story, a line a step, for the message of a failing test. */
export function told({ states, rests, found }: Exploration): string {
  const size = `${states} states, ${rests} at rest`;
  if (!found) return `${size}: every promise is kept`;
  return [...found.labels, `=> ${found.violation}`, `(${size})`].join('\n');
}
