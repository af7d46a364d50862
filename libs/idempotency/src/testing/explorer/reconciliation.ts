import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { apply, ownedByAnother } from './store.ts';
import type { Rules } from './rules.ts';
import {
  IDLE,
  type Process,
  type Step,
  type Model,
  answered,
  spend,
  storeNow,
  withProcess,
} from './model.ts';

type Reconciling = Extract<Process, { at: 'reconciling' }>;
type Listed = Extract<Process, { at: 'listed' }>;
type Adopting = Extract<Process, { at: 'adopting' }>;

/** The next steps of a process that must look up its customer: wait, list, match, adopt. */
export function reconciliationSteps(
  model: Model,
  index: number,
  process: Reconciling | Listed | Adopting,
  rules: Rules,
): Step[] {
  switch (process.at) {
    case 'reconciling':
      return [...waitSteps(model, index, process, rules), ...giveUp(model, index, process, rules)];
    case 'listed':
      return matchSteps(model, index, process, rules);
    case 'adopting':
      return [adoptStep(model, index, process, rules)];
  }
}

function waitSteps(model: Model, index: number, process: Reconciling, rules: Rules): Step[] {
  const { key, fence, lookup } = process;
  if (model.now - lookup.abandonedAtMs > rules.settle) {
    const windowEnd = lookup.abandonedAtMs + rules.settle;
    // An operator has named the customer.
    const isNamed = lookup.customer !== undefined;
    const found = model.customers
      .filter(({ id }) => !isNamed || id === lookup.customer)
      .filter(({ fate }) => fate !== 'deleted')
      .filter(({ createdAt }) => isNamed || createdAt >= lookup.sentAtMs)
      .filter(({ createdAt }) => !lookup.guarded || createdAt <= windowEnd)
      .map(({ id }) => id);
    return [
      {
        label: `lists for ${key}: ${found.join(', ') || 'none'}`,
        model: withProcess(model, index, { at: 'listed', key, fence, lookup, found }),
      },
    ];
  }
  const left = (model.records[key]?.leaseUntilMs ?? 0) - storeNow(model);
  if (left > 1) return [];
  const renewed = apply(model, key, { kind: 'renew', fence, leaseMs: rules.lease }, rules);
  return [
    {
      label: `renews its lease of ${key}: ${renewed.outcome.kind}`,
      model:
        renewed.outcome.kind === 'updated'
          ? renewed.model
          : withProcess(renewed.model, index, IDLE),
    },
  ];
}

function matchSteps(model: Model, index: number, process: Listed, rules: Rules): Step[] {
  const { key, fence, lookup } = process;
  const matches = model.customers.filter(
    ({ id }) => process.found.includes(id) && !(rules.ownership && ownedByAnother(model, key, id)),
  );
  const [oldest] = matches;
  const isNamed = lookup.customer !== undefined;
  if (!oldest && isNamed) return giveUp(model, index, process, rules);
  if (!oldest) {
    const label = `finds no customer for ${key}`;
    const sending: Process = { at: 'sending', key, fence, nothingLost: lookup.guarded };
    return [
      { label, model: withProcess(model, index, sending) },
      ...giveUp(model, index, process, rules),
    ];
  }
  const whole = isNamed || matches.every(({ fate }) => fate === 'kept');
  if (!whole || !rules.mayAdopt(matches.length, lookup))
    return giveUp(model, index, process, rules);
  const adopting: Process = { at: 'adopting', key, fence, customer: oldest.id };
  return [{ label: `adopts ${oldest.id} for ${key}`, model: withProcess(model, index, adopting) }];
}

function adoptStep(model: Model, index: number, process: Adopting, rules: Rules): Step {
  const { key, fence, customer } = process;
  const event: KeyEvent = { kind: 'complete', fence, customer, response: new Uint8Array() };
  const { model: next, outcome } = apply(model, key, event, rules);
  const label = `records that ${key} is done: ${outcome.kind}`;
  return { label, model: afterAdoption(next, index, process, outcome, rules) };
}

function afterAdoption(
  model: Model,
  index: number,
  { key, fence }: Adopting,
  outcome: KeyOutcome,
  rules: Rules,
): Model {
  const idle = withProcess(model, index, IDLE);
  if (outcome.kind === 'updated') return answered(idle, index, key);
  if (outcome.kind !== 'owned-by-another') return idle;
  return apply(idle, key, { kind: 'abandon', fence }, rules).model;
}

/** Responds with 504. The number is limited, because every lookup raises the fence. */
function giveUp(model: Model, index: number, process: Reconciling | Listed, rules: Rules): Step[] {
  if (model.left.giveUps === 0) return [];
  const { key, fence } = process;
  const { model: next } = apply(model, key, { kind: 'abandon', fence }, rules);
  return [
    {
      label: `responds with an unknown outcome for ${key}`,
      model: withProcess(spend(next, 'giveUps'), index, IDLE),
    },
  ];
}
