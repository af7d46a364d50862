import type { Rules } from './rules.ts';
import {
  type Customer,
  type GraphAnswer,
  type Request,
  STRANGER,
  type Step,
  type World,
  spend,
} from './model.ts';

/** How much later than the settling time Graph may be when it may be late at all. */
const LATE = 3;

/** What Graph, and others with it, can do next. */
export function graphSteps(world: World, rules: Rules): Step[] {
  return [
    ...world.requests.flatMap((request) => decisions(world, request, rules)),
    ...strangeSteps(world),
  ];
}

function decisions(world: World, request: Request, rules: Rules): Step[] {
  const { left, now } = world;
  const steps: Step[] = [];
  const who = `Graph, for ${request.key} from process ${request.process + 1}:`;
  const without = { ...world, requests: world.requests.filter((each) => each !== request) };
  const stored = store(without, request.key);
  const created: GraphAnswer = { kind: 'created', customer: newId(world) };
  const lost: GraphAnswer = { kind: 'lost' };
  const add = (label: string, next: World): void => {
    steps.push({ label: `${who} ${label}`, world: next });
  };
  add(`stores ${newId(world)}`, answered(stored, request, created));
  if (request.delayed) return steps;
  if (left.refusals > 0) {
    add('4xx', answered(spend(without, 'refusals'), request, { kind: 'refused' }));
  }
  if (left.losses > 0) {
    add('lost, nothing stored', answered(spend(without, 'losses'), request, lost));
    add(`stores ${newId(world)}, answer lost`, answered(spend(stored, 'losses'), request, lost));
  }
  const late = (by: number): World => ({
    ...without,
    requests: [...without.requests, { ...request, by, delayed: true }],
  });
  const end = request.writtenAt + rules.attempt + Math.max(rules.settle, 1);
  if (left.delays > 0) {
    add('takes its time', spend(late(end), 'delays'));
    if (left.losses > 0) {
      const reset = late(now + Math.max(rules.settle, 1));
      add('resets, and goes on', answered(spend(reset, 'delays', 'losses'), request, lost));
    }
  }
  if (left.lateCommits > 0) add('takes too long', spend(late(end + LATE), 'lateCommits'));
  return steps;
}

function strangeSteps(world: World): Step[] {
  const steps: Step[] = [];
  if (world.left.strangers > 0) {
    steps.push({
      label: `somebody else makes ${newId(world)}`,
      world: store(spend(world, 'strangers'), STRANGER),
    });
  }
  for (const [index, customer] of world.customers.entries()) {
    if (customer.fate !== 'kept') continue;
    const meets = (fate: Customer['fate']): Pick<World, 'customers'> => ({
      customers: world.customers.with(index, { ...customer, fate }),
    });
    if (world.left.deletions > 0) {
      steps.push({
        label: `somebody deletes ${customer.id}`,
        world: { ...spend(world, 'deletions'), ...meets('deleted') },
      });
    }
    if (world.left.edits > 0) {
      steps.push({
        label: `somebody edits ${customer.id}`,
        world: { ...spend(world, 'edits'), ...meets('edited') },
      });
    }
  }
  return steps;
}

function newId(world: World): string {
  return `customer ${world.customers.length + 1}`;
}

function store(world: World, maker: string): World {
  const customer: Customer = { id: newId(world), maker, createdAt: world.now, fate: 'kept' };
  return { ...world, customers: [...world.customers, customer] };
}

/** Hands the answer to the process, if that still waits for it. */
function answered(world: World, request: Request, answer: GraphAnswer): World {
  const processes = world.processes.map((process, index) =>
    process.at === 'awaiting' &&
    index === request.process &&
    process.key === request.key &&
    process.fence === request.fence &&
    !process.answer
      ? { ...process, answer }
      : process,
  );
  return { ...world, processes };
}
