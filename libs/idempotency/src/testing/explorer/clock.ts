import { CLOCK_STEP_MS } from '../../store-time.ts';
import { type Model, type Step, spend, storeNow } from './model.ts';
import type { Rules } from './rules.ts';

/** How the store's clock may be set, and how records may be lost. */
export function storeSteps(model: Model, rules: Rules): Step[] {
  const { left, records } = model;
  const far = rules.lease + 1;
  const steps: Step[] = [];
  if (left.jumps > 0) {
    const jumped = setBy(spend(model, 'jumps'), far);
    const storeClock = { ...jumped.storeClock, evenSince: storeNow(jumped) };
    steps.push({ label: 'the clock of the store jumps ahead', model: { ...jumped, storeClock } });
  }
  if (left.unnoticedJumps > 0) {
    const label = 'the clock of the store jumps ahead unnoticed';
    steps.push({ label, model: setBy(spend(model, 'unnoticedJumps'), far) });
  }
  if (left.setbacks > 0) {
    const label = 'the clock of the store is set back unnoticed';
    steps.push({ label, model: setBy(spend(model, 'setbacks'), -far) });
  }
  if (left.noticedSetbacks > 0) {
    const jumped = setBy(spend(model, 'noticedSetbacks'), -5 * CLOCK_STEP_MS);
    const storeClock = { ...jumped.storeClock, evenSince: storeNow(jumped) };
    steps.push({ label: 'the clock of the store is set back', model: { ...jumped, storeClock } });
  }
  for (const key of left.losesRecords > 0 ? Object.keys(records) : []) {
    const kept = Object.entries(records).filter(([each]) => each !== key);
    steps.push({
      label: `the store deletes the record of ${key}`,
      model: { ...spend(model, 'losesRecords'), records: Object.fromEntries(kept) },
    });
  }
  return steps;
}

function setBy(model: Model, by: number): Model {
  const { storeClock } = model;
  return { ...model, storeClock: { ...storeClock, ahead: storeClock.ahead + by } };
}
