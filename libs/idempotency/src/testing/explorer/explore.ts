import { type Trace, retryAll } from './retry.ts';
import { violatedInvariant, isAtRest } from './invariants.ts';
import type { Rules } from './rules.ts';
import { canonicalState } from './canonical-state.ts';
import { stepsOf } from './steps.ts';
import type { Model } from './model.ts';

export interface Exploration {
  readonly states: number;
  /** How many of them were at rest. Retries start from these. */
  readonly rests: number;
  /** The shortest trace to a violated invariant. */
  readonly found: Trace | undefined;
}

interface Visit {
  readonly model: Model;
  readonly label: string;
  readonly from: Visit | undefined;
}

/** Visits all models that can be reached, breadth first, until an invariant is violated. */
export function explore(first: Model, rules: Rules): Exploration {
  const keys = [...new Set(first.pendingKeys.flat())];
  const seen = new Set([canonicalState(first, rules)]);
  const rested = new Set<string>();
  let visits: Visit[] = [{ model: first, label: '', from: undefined }];
  const end = (found?: Trace): Exploration => ({ states: seen.size, rests: rested.size, found });
  while (visits.length > 0) {
    const next: Visit[] = [];
    for (const visit of visits) {
      if (isAtRest(visit.model)) {
        const rest = canonicalState({ ...visit.model, left: first.left }, rules);
        const trace = rested.has(rest) ? undefined : retryAll(visit.model, keys, rules);
        rested.add(rest);
        if (trace) {
          return end({ ...trace, labels: [...labelsTo(visit), ...trace.labels] });
        }
      }
      for (const step of stepsOf(visit.model, rules)) {
        const state = canonicalState(step.model, rules);
        if (seen.has(state)) continue;
        seen.add(state);
        const reached: Visit = { model: step.model, label: step.label, from: visit };
        const violation = step.violation ?? violatedInvariant(step.model);
        if (violation !== undefined) return end({ labels: labelsTo(reached), violation });
        next.push(reached);
      }
    }
    visits = next;
  }
  return end();
}

/** The labels of the steps to a visit, oldest first. */
function labelsTo({ label, from }: Visit): string[] {
  return from ? [...labelsTo(from), label] : [];
}

/** Formats the result with one step per line, for the message of a failing test. */
export function formatExploration({ states, rests, found }: Exploration): string {
  const size = `${states} states, ${rests} at rest`;
  if (!found) return `${size}: no invariant is violated`;
  return [...found.labels, `=> ${found.violation}`, `(${size})`].join('\n');
}
