import { type Guard, guardToStore, activeGuard } from '../../guard.ts';
import { IDLE, type Model, type Step, spend, storeNow } from './model.ts';
import { FOREVER, type Rules } from './rules.ts';

/** How the store may be copied, and how the copy, or an empty store, may be put back. */
export function restoreSteps(model: Model, rules: Rules): Step[] {
  const { records, copy, left } = model;
  if (left.restores + left.liveRestores === 0) return [];
  const steps: Step[] = [];
  if (!copy) {
    const copied = { ...model, copy: { records, at: storeNow(model) } };
    steps.push({ label: 'the store is copied', model: copied });
  }
  const label = copy ? 'the copy of the store is put back' : 'the store is emptied';
  if (left.restores > 0) steps.push({ label, model: restored(spend(model, 'restores'), rules) });
  if (left.liveRestores > 0) {
    const { processes, pendingKeys } = model;
    const live = restored(spend(model, 'liveRestores'), rules);
    const repeated = live.pendingKeys.map((keys, index) =>
      processes[index]?.at === 'idle' ? keys : (pendingKeys[index] ?? []),
    );
    const running = { ...live, processes, pendingKeys: repeated };
    steps.push({ label: `${label} while processes run`, model: running });
  }
  return steps;
}

/** Every process has ended, and every caller repeats its create at every process. */
function restored(model: Model, rules: Rules): Model {
  const { copy, processes, customers, records, pendingKeys } = model;
  const makers = customers.map(({ maker }) => maker).filter((maker) => maker in records);
  const keys = [...new Set([...pendingKeys.flat(), ...Object.keys(records), ...makers])];
  const owners = new Map(Object.entries(records).map(([key, { customer }]) => [customer, key]));
  const restarted = {
    ...model,
    records: copy?.records ?? {},
    // Duplicates may have exchanged their customers, and their callers have the answers.
    customers: customers.map((each) => ({ ...each, maker: owners.get(each.id) ?? each.maker })),
    // No process is left with an older fence, so the counter may go on.
    freed: [],
    copy: undefined,
    settlement: undefined,
    processes: processes.map(() => IDLE),
    pendingKeys: processes.map(() => keys.toSorted()),
  };
  return { ...restarted, guard: rules.guarded ? guardOf(restarted, copy?.at, rules) : undefined };
}

function guardOf(model: Model, since: number | undefined, rules: Rules): Guard | undefined {
  const nowMs = storeNow(model);
  const request = {
    sinceAgoMs: since === undefined ? FOREVER : nowMs - since - rules.guardBeginsLate,
    mayRunForMs: rules.guardWaits ? rules.attempt : 0,
    forMs: rules.guardFor,
  };
  return activeGuard(guardToStore(undefined, request, nowMs), nowMs);
}
