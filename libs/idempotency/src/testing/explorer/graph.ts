import type { Rules } from './rules.ts';
import {
  type Customer,
  type GraphResponse,
  type Request,
  STRANGER,
  type Step,
  type Model,
  spend,
} from './model.ts';

/** How long after the settling time a late commit may come. */
const LATE = 3;

/** The next steps of Graph and of its other clients. */
export function graphSteps(model: Model, rules: Rules): Step[] {
  return [
    ...model.requests.flatMap((request) => decisions(model, request, rules)),
    ...otherClientSteps(model),
  ];
}

function decisions(model: Model, request: Request, rules: Rules): Step[] {
  const { left, now } = model;
  const steps: Step[] = [];
  const who = `Graph, for ${request.key} from process ${request.process + 1}:`;
  const without = { ...model, requests: model.requests.filter((each) => each !== request) };
  const stored = store(without, request.key);
  const created: GraphResponse = { kind: 'created', customer: newId(model) };
  const lost: GraphResponse = { kind: 'lost' };
  const add = (label: string, next: Model): void => {
    steps.push({ label: `${who} ${label}`, model: next });
  };
  add(`stores ${newId(model)}`, answered(stored, request, created));
  if (request.delayed) return steps;
  if (left.refusals > 0) {
    add('4xx', answered(spend(without, 'refusals'), request, { kind: 'refused' }));
  }
  if (left.losses > 0) {
    add('lost, nothing stored', answered(spend(without, 'losses'), request, lost));
    add(`stores ${newId(model)}, response lost`, answered(spend(stored, 'losses'), request, lost));
  }
  const late = (by: number): Model => ({
    ...without,
    requests: [...without.requests, { ...request, by, delayed: true }],
  });
  const end = request.writtenAt + rules.attempt + Math.max(rules.settle, 1);
  if (left.delays > 0) {
    add('is delayed', spend(late(end), 'delays'));
    if (left.losses > 0) {
      const reset = late(now + Math.max(rules.settle, 1));
      add(
        'resets the connection and continues',
        answered(spend(reset, 'delays', 'losses'), request, lost),
      );
    }
  }
  if (left.lateCommits > 0)
    add('commits after the settling time', spend(late(end + LATE), 'lateCommits'));
  return steps;
}

function otherClientSteps(model: Model): Step[] {
  const steps: Step[] = [];
  if (model.left.strangers > 0) {
    steps.push({
      label: `another client creates ${newId(model)}`,
      model: store(spend(model, 'strangers'), STRANGER),
    });
  }
  for (const [index, customer] of model.customers.entries()) {
    if (customer.fate !== 'kept') continue;
    const withFate = (fate: Customer['fate']): Pick<Model, 'customers'> => ({
      customers: model.customers.with(index, { ...customer, fate }),
    });
    if (model.left.deletions > 0) {
      steps.push({
        label: `another client deletes ${customer.id}`,
        model: { ...spend(model, 'deletions'), ...withFate('deleted') },
      });
    }
    if (model.left.edits > 0) {
      steps.push({
        label: `another client edits ${customer.id}`,
        model: { ...spend(model, 'edits'), ...withFate('edited') },
      });
    }
  }
  return steps;
}

function newId(model: Model): string {
  return `customer ${model.customers.length + 1}`;
}

function store(model: Model, maker: string): Model {
  const customer: Customer = { id: newId(model), maker, createdAt: model.now, fate: 'kept' };
  return { ...model, customers: [...model.customers, customer] };
}

/** Delivers the response if the process still waits for it. */
function answered(model: Model, request: Request, response: GraphResponse): Model {
  const processes = model.processes.map((process, index) =>
    process.at === 'awaiting' &&
    index === request.process &&
    process.key === request.key &&
    process.fence === request.fence &&
    !process.response
      ? { ...process, response }
      : process,
  );
  return { ...model, processes };
}
