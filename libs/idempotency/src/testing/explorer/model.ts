import type { KeyRecord, Look } from '../../transition.ts';

/**
 * Everything there is, at one moment: the store, Graph, the processes of the proxy, the callers
 * still without an answer, and what the adversary may yet do. Plain data: two worlds with the same
 * JSON are the same. All keys of a world have one content, so that they are duplicates.
 */
export interface World {
  /** The store's clock. */
  readonly now: number;
  readonly records: Readonly<Record<string, KeyRecord>>;
  /** In the order in which Graph stored them. */
  readonly customers: readonly Customer[];
  /** What was written to Graph and is not decided yet. */
  readonly requests: readonly Request[];
  readonly processes: readonly Process[];
  /** By process: the keys whose caller asks there, until answered. */
  readonly asked: readonly (readonly string[])[];
  readonly left: Powers;
}

export interface Customer {
  readonly id: string;
  /** Hidden from the protocol: the key under which it was made, or `STRANGER`. */
  readonly maker: string;
  readonly createdAt: number;
  /** What became of it before anybody looked. */
  readonly fate: 'kept' | 'deleted' | 'edited';
}

export const STRANGER = 'stranger';

export interface Request {
  readonly process: number;
  readonly key: string;
  readonly fence: number;
  readonly writtenAt: number;
  /** Graph has decided by then; time does not pass it. */
  readonly by: number;
  readonly delayed: boolean;
}

export type GraphAnswer =
  | { readonly kind: 'created'; readonly customer: string }
  /** 4xx but 408. */
  | { readonly kind: 'refused' }
  /** 408, 5xx or a reset. */
  | { readonly kind: 'lost' };

interface Holding {
  readonly key: string;
  readonly fence: number;
}

/** Where a process is in a create. It may stay anywhere for any time; that is what leases are for. */
export type Process =
  | { readonly at: 'idle' }
  | (Holding & { readonly at: 'looking'; readonly look: Look })
  | (Holding & {
      readonly at: 'listed';
      readonly look: Look;
      readonly found: readonly string[];
    })
  | (Holding & { readonly at: 'adopting'; readonly customer: string })
  | (Holding & { readonly at: 'sending' })
  | (Attempt & { readonly at: 'writing' })
  | (Attempt & {
      readonly at: 'awaiting';
      readonly writtenAt: number;
      readonly answer: GraphAnswer | undefined;
    });

/** A process that has recorded 'sent'. */
export interface Attempt extends Holding {
  readonly leaseUntil: number;
  /** What a crash leaves of the record where 'sent' is not durable. */
  readonly undo: KeyRecord | undefined;
}

export const IDLE: Process = { at: 'idle' };

/** How often the adversary may still do what. */
export interface Powers {
  readonly crashes: number;
  /** An answer is lost, before or after Graph has stored the customer. */
  readonly losses: number;
  /** Graph stores a customer late, but within the settling time. */
  readonly delays: number;
  readonly refusals: number;
  /** A look-up ends without having settled the key. */
  readonly giveUps: number;
  /** A process is paused between its last check and its write. */
  readonly pauses: number;
  /** Graph stores a customer later than the settling time. */
  readonly lateCommits: number;
  readonly strangers: number;
  readonly deletions: number;
  readonly edits: number;
}

/** What the protocol promises to bear, each once and all together. */
export const ALLOWED: Powers = {
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
};

/** One thing that can happen next. */
export interface Step {
  readonly label: string;
  readonly world: World;
  /** A promise that the step itself breaks. */
  readonly violation?: string;
}

/** @param asked by process: the keys asked there */
export function firstWorld(asked: readonly (readonly string[])[], powers: Powers): World {
  return {
    now: 0,
    records: {},
    customers: [],
    requests: [],
    processes: asked.map(() => IDLE),
    asked,
    left: powers,
  };
}

export function withProcess(world: World, index: number, process: Process): World {
  return { ...world, processes: world.processes.with(index, process) };
}

export function spend(world: World, ...powers: (keyof Powers)[]): World {
  const left = { ...world.left };
  for (const power of powers) left[power] -= 1;
  return { ...world, left };
}

/** The caller who asks there has got an answer that is none of "ask again". */
export function answered(world: World, index: number, key: string): World {
  const keys = (world.asked[index] ?? []).filter((each) => each !== key);
  return { ...world, asked: world.asked.with(index, keys) };
}
