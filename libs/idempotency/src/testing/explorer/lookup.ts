import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import { apply, ownedByAnother } from './key-store.ts';
import type { Rules } from './rules.ts';
import {
  IDLE,
  type Process,
  type Step,
  type World,
  answered,
  spend,
  withProcess,
} from './model.ts';

type Looking = Extract<Process, { at: 'looking' }>;
type Listed = Extract<Process, { at: 'listed' }>;
type Adopting = Extract<Process, { at: 'adopting' }>;

/** Wait, list, match, adopt: what a process can do next that has to look first. */
export function lookSteps(
  world: World,
  index: number,
  process: Looking | Listed | Adopting,
  rules: Rules,
): Step[] {
  switch (process.at) {
    case 'looking':
      return [...waitSteps(world, index, process, rules), ...giveUp(world, index, process, rules)];
    case 'listed':
      return matchSteps(world, index, process, rules);
    case 'adopting':
      return [adoptStep(world, index, process, rules)];
  }
}

function waitSteps(world: World, index: number, process: Looking, rules: Rules): Step[] {
  const { key, fence, look } = process;
  if (world.now - look.abandonedAtMs > rules.settle) {
    const found = world.customers
      .filter(({ createdAt, fate }) => createdAt >= look.sentAtMs && fate !== 'deleted')
      .map(({ id }) => id);
    return [
      {
        label: `lists for ${key}: ${found.join(', ') || 'none'}`,
        world: withProcess(world, index, { at: 'listed', key, fence, look, found }),
      },
    ];
  }
  const left = (world.records[key]?.leaseUntilMs ?? 0) - world.now;
  if (left > 1) return [];
  const renewed = apply(world, key, { kind: 'renew', fence, leaseMs: rules.lease }, rules);
  return [
    {
      label: `renews its lease of ${key}: ${renewed.outcome.kind}`,
      world:
        renewed.outcome.kind === 'moved' ? renewed.world : withProcess(renewed.world, index, IDLE),
    },
  ];
}

function matchSteps(world: World, index: number, process: Listed, rules: Rules): Step[] {
  const { key, fence, look } = process;
  const matches = world.customers.filter(
    ({ id }) => process.found.includes(id) && !(rules.ownership && ownedByAnother(world, key, id)),
  );
  const [oldest] = matches;
  if (!oldest) {
    const label = `finds nothing of ${key}`;
    return [
      { label, world: withProcess(world, index, { at: 'sending', key, fence }) },
      ...giveUp(world, index, process, rules),
    ];
  }
  const whole = matches.every(({ fate }) => fate === 'kept');
  if (!whole || !rules.mayAdopt(matches.length, look)) return giveUp(world, index, process, rules);
  const adopting: Process = { at: 'adopting', key, fence, customer: oldest.id };
  return [{ label: `takes ${oldest.id} for ${key}`, world: withProcess(world, index, adopting) }];
}

function adoptStep(world: World, index: number, process: Adopting, rules: Rules): Step {
  const { key, fence, customer } = process;
  const event: KeyEvent = { kind: 'done', fence, customer, answer: new Uint8Array() };
  const { world: next, outcome } = apply(world, key, event, rules);
  const label = `records that ${key} is done: ${outcome.kind}`;
  return { label, world: afterAdoption(next, index, process, outcome, rules) };
}

function afterAdoption(
  world: World,
  index: number,
  { key, fence }: Adopting,
  outcome: KeyOutcome,
  rules: Rules,
): World {
  const idle = withProcess(world, index, IDLE);
  if (outcome.kind === 'moved') return answered(idle, index, key);
  if (outcome.kind !== 'owned') return idle;
  return apply(idle, key, { kind: 'abandon', fence }, rules).world;
}

/** 504, and the next question goes on. Bounded, as every look-up raises the fence. */
function giveUp(world: World, index: number, process: Looking | Listed, rules: Rules): Step[] {
  if (world.left.giveUps === 0) return [];
  const { key, fence } = process;
  const { world: next } = apply(world, key, { kind: 'abandon', fence }, rules);
  return [
    {
      label: `cannot tell what became of ${key}`,
      world: withProcess(spend(next, 'giveUps'), index, IDLE),
    },
  ];
}
