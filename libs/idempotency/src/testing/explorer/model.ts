import type { Guard } from '../../guard.ts';
import type { KeyRecord, PendingLookup, Revision } from '../../transition.ts';

/**
 * The complete state: the store, Graph, the proxy's processes, the waiting callers, and the faults
 * that may still happen. It is plain data: models with equal JSON are equal. All keys have the same
 * fingerprint, so they are duplicates.
 */
export interface Model {
  /** Elapsed time, by which processes measure. */
  readonly now: number;
  readonly storeClock: StoreClock;
  /** The last fence that the store has given to a lease. */
  readonly lastFence: number;
  readonly records: Readonly<Record<string, KeyRecord>>;
  /** A copy of the store, for a restore. */
  readonly copy: StoreCopy | undefined;
  readonly guard: Guard | undefined;
  /** What the operator has read, until the key is settled. */
  readonly settlement: Settlement | undefined;
  /** Keys whose record was deleted because Graph did nothing. */
  readonly freed: readonly string[];
  /** In the order in which Graph stored them. */
  readonly customers: readonly Customer[];
  /** Requests that Graph has not handled yet. */
  readonly requests: readonly Request[];
  readonly processes: readonly Process[];
  /** For each process, the keys whose callers wait there. */
  readonly pendingKeys: readonly (readonly string[])[];
  readonly left: FaultBudget;
}

export interface StoreClock {
  /** The store's clock minus elapsed time. */
  readonly ahead: number;
  /** Since when it runs evenly, as far as the store knows. */
  readonly evenSince: number;
}

export interface Settlement {
  readonly key: string;
  readonly revision: Revision;
  /** Undefined when the list has no customer of the key. */
  readonly customer: string | undefined;
}

export interface StoreCopy {
  readonly records: Model['records'];
  /** When it was made, by the store's clock. */
  readonly at: number;
}

export interface Customer {
  readonly id: string;
  /** The key that it was created for, or `STRANGER`. The protocol cannot see this. */
  readonly maker: string;
  readonly createdAt: number;
  /** What another client has done to it. */
  readonly fate: 'kept' | 'deleted' | 'edited';
}

export const STRANGER = 'stranger';

export interface Request {
  readonly process: number;
  readonly key: string;
  readonly fence: number;
  readonly writtenAt: number;
  /** The latest time at which Graph handles the request. */
  readonly by: number;
  readonly delayed: boolean;
}

export type GraphResponse =
  | { readonly kind: 'created'; readonly customer: string }
  /** 4xx except 408. */
  | { readonly kind: 'refused' }
  /** 408, 5xx or a reset. */
  | { readonly kind: 'lost' };

interface Holding {
  readonly key: string;
  readonly fence: number;
}

/** The position of a process in a create. It may pause anywhere for any time. */
export type Process =
  | { readonly at: 'idle' }
  | (Holding & { readonly at: 'reconciling'; readonly lookup: PendingLookup })
  | (Holding & {
      readonly at: 'listed';
      readonly lookup: PendingLookup;
      readonly found: readonly string[];
    })
  | (Holding & { readonly at: 'adopting'; readonly customer: string })
  | (Holding & { readonly at: 'sending'; readonly nothingLost: boolean })
  | (Attempt & { readonly at: 'writing' })
  | (Attempt & {
      readonly at: 'awaiting';
      readonly writtenAt: number;
      readonly response: GraphResponse | undefined;
    });

/** A process that has recorded `sent`. */
export interface Attempt extends Holding {
  readonly leaseUntil: number;
  /** The record after a crash, when `sent` is not durable. */
  readonly undo: KeyRecord | undefined;
}

export const IDLE: Process = { at: 'idle' };

/** What the store's clock shows at the beginning: times that are set back stay positive. */
const FIRST_TIME = 100_000;

/** How often each fault may still happen. */
export interface FaultBudget {
  readonly crashes: number;
  /** A response is lost, before or after Graph has stored the customer. */
  readonly losses: number;
  /** Graph stores a customer late, but within the settling time. */
  readonly delays: number;
  readonly refusals: number;
  /** A lookup ends without a result. */
  readonly giveUps: number;
  /** A process is paused between its last check and its write. */
  readonly pauses: number;
  /** Graph stores a customer later than the settling time. */
  readonly lateCommits: number;
  readonly strangers: number;
  readonly deletions: number;
  readonly edits: number;
  /** The store's clock is set ahead by more than a lease, and the processes notice it. */
  readonly jumps: number;
  /** The same, and no process notices it. */
  readonly unnoticedJumps: number;
  /** The store's clock is set back, and no process notices it. */
  readonly setbacks: number;
  /** The store deletes a record while its caller may still repeat the create. */
  readonly losesRecords: number;
  /** The store's clock is set back by more than it can be by small steps, and the store notices it. */
  readonly noticedSetbacks: number;
  /** An older copy of the store is put back, or an empty one, while no process runs. */
  readonly restores: number;
  /** The same, while processes go on. */
  readonly liveRestores: number;
  /** A record is damaged. */
  readonly damages: number;
  /** An operator looks an unknown key up and settles it, as `keys settle` does. */
  readonly settlements: number;
}

/** The faults that the protocol tolerates, each of them once. */
export const TOLERATED: FaultBudget = {
  crashes: 1,
  losses: 1,
  delays: 1,
  refusals: 1,
  giveUps: 1,
  pauses: 0,
  lateCommits: 0,
  strangers: 0,
  deletions: 0,
  edits: 0,
  jumps: 0,
  unnoticedJumps: 0,
  setbacks: 0,
  losesRecords: 0,
  noticedSetbacks: 0,
  restores: 0,
  liveRestores: 0,
  damages: 0,
  settlements: 0,
};

/** One possible next step. */
export interface Step {
  readonly label: string;
  readonly model: Model;
  /** An invariant that the step itself violates. */
  readonly violation?: string;
}

/** @param pendingKeys for each process, the keys of its callers */
export function initialModel(
  pendingKeys: readonly (readonly string[])[],
  budget: FaultBudget,
): Model {
  return {
    now: 0,
    storeClock: { ahead: FIRST_TIME, evenSince: 0 },
    lastFence: 0,
    records: {},
    copy: undefined,
    guard: undefined,
    settlement: undefined,
    freed: [],
    customers: [],
    requests: [],
    processes: pendingKeys.map(() => IDLE),
    pendingKeys,
    left: budget,
  };
}

/**
 * An attempt without a key is at Graph. Its process has recorded nothing, and its answer reaches no
 * one. Its caller repeats the create at every process.
 */
export function modelOfRepeats(processes: number, key: string, budget: FaultBudget): Model {
  const callers = Array.from({ length: processes }, () => [key]);
  const attempt: Request = { process: 0, key, fence: 0, writtenAt: 0, by: 0, delayed: false };
  return { ...initialModel(callers, budget), requests: [attempt] };
}

/** What the store's clock shows. */
export function storeNow({ now, storeClock }: Model): number {
  return now + storeClock.ahead;
}

export function withProcess(model: Model, index: number, process: Process): Model {
  return { ...model, processes: model.processes.with(index, process) };
}

export function spend(model: Model, ...budget: (keyof FaultBudget)[]): Model {
  const left = { ...model.left };
  for (const power of budget) left[power] -= 1;
  return { ...model, left };
}

/** Removes the caller: it has received a final response. */
export function answered(model: Model, index: number, key: string): Model {
  const keys = (model.pendingKeys[index] ?? []).filter((each) => each !== key);
  return { ...model, pendingKeys: model.pendingKeys.with(index, keys) };
}
