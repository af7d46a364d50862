/** A replica that waits for permits of a mailbox. */
export interface WaitingReplica {
  readonly process: string;
  /** Requests that are in flight or wait. */
  readonly wanted: number;
  /** Permits that it holds. */
  readonly held: number;
  /** How long it has waited. */
  readonly waitedMs: number;
}

/** This process, at one mailbox. */
export interface OwnDemand {
  readonly wanted: number;
  readonly held: number;
  /** Whether it took the last of its permits a time slice ago. */
  readonly hasHadItsTurn: boolean;
}

/**
 * How many permits to give up for the replicas that wait. Replicas with waiting requests get equal
 * shares as soon as requests end. What does not divide evenly goes round, for a time slice each.
 */
export function surplus(own: OwnDemand, waiting: readonly WaitingReplica[]): number {
  const unmet = waiting.filter(({ wanted, held }) => wanted > held);
  const missing = unmet.reduce((sum, { wanted, held }) => sum + wanted - held, 0);
  if (missing === 0) return 0;
  const spare = own.held - own.wanted;
  if (spare > 0) return Math.min(spare, missing);
  const contested = unmet.reduce((sum, { held }) => sum + held, own.held);
  const share = contested / (unmet.length + 1);
  const kept = own.hasHadItsTurn ? Math.floor(share) : Math.ceil(share);
  return Math.max(0, Math.min(own.held - kept, missing));
}

/** Who gets the next permit: the replica that holds fewest, then the one that has waited longest. */
export function nextReplica(waiting: readonly WaitingReplica[]): WaitingReplica | undefined {
  const [next] = waiting
    .filter(({ wanted, held }) => wanted > held)
    .toSorted((one, other) => one.held - other.held || other.waitedMs - one.waitedMs);
  return next;
}
