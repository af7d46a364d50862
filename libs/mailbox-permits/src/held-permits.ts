import { type Allowance } from './access.ts';
import { type PermitTimes, leaseMs, reserveMs } from './times.ts';

/** A permit of the database. */
export interface PermitKey {
  readonly slot: number;
  /** Unique for each time that a slot was taken. */
  readonly fence: number;
}

/** A permit that the process holds. Times are elapsed times of the process. */
export interface HeldPermit extends PermitKey {
  /** Counted from before the statement was sent, so it ends here before it ends in the database. */
  readonly leaseEndsAtMs: number;
  readonly takenAtMs: number;
  /** Infinity while a request is in flight. */
  readonly busyUntilMs: number;
}

/** A request without a permit, while the database is away. */
export interface OwnRequest {
  readonly id: number;
  readonly busyUntilMs: number;
}

/** What a process has at one mailbox. */
export interface Holding {
  readonly permits: readonly HeldPermit[];
  readonly ownRequests: readonly OwnRequest[];
}

export const NOTHING_HELD: Holding = { permits: [], ownRequests: [] };

/** Requests that are in flight, or may still be in work at Graph. */
export function inFlight({ permits, ownRequests }: Holding, nowMs: number): number {
  return [...permits, ...ownRequests].filter(({ busyUntilMs }) => busyUntilMs > nowMs).length;
}

/** Whether so much of the lease is left that a request may begin. */
export function mayBegin(permit: HeldPermit, times: PermitTimes, nowMs: number): boolean {
  return permit.leaseEndsAtMs - nowMs >= reserveMs(times);
}

/**
 * The permit under which a request may begin, or 'own' when it needs none.
 *
 * @param limit slots from here on are not used
 */
export function freeOne(
  holding: Holding,
  allowance: Allowance,
  { limit, times }: { readonly limit: number; readonly times: PermitTimes },
  nowMs: number,
): HeldPermit | 'own' | undefined {
  if (inFlight(holding, nowMs) >= Math.min(limit, allowance.atMost)) return undefined;
  if (!allowance.needsPermit) return 'own';
  return holding.permits.find(
    (permit) =>
      permit.busyUntilMs <= nowMs && permit.slot < limit && mayBegin(permit, times, nowMs),
  );
}

/** Sets until when a permit is busy. One that is no longer held needs nothing. */
export function setBusy(holding: Holding, fence: number, busyUntilMs: number): Holding {
  const permits = holding.permits.map((each) =>
    each.fence === fence ? { ...each, busyUntilMs } : each,
  );
  return { ...holding, permits };
}

/** Sets until when a request without a permit is in work. */
export function setOwn(holding: Holding, id: number, busyUntilMs: number): Holding {
  const others = holding.ownRequests.filter((each) => each.id !== id);
  return { ...holding, ownRequests: [...others, { id, busyUntilMs }] };
}

/** @param sentAtMs when the statement was about to be sent that took them */
export function withTaken(
  holding: Holding,
  taken: readonly PermitKey[],
  times: PermitTimes,
  sentAtMs: number,
): Holding {
  const added = taken.map(({ slot, fence }) => ({
    slot,
    fence,
    leaseEndsAtMs: sentAtMs + leaseMs(times),
    takenAtMs: sentAtMs,
    busyUntilMs: -Infinity,
  }));
  return { ...holding, permits: [...holding.permits, ...added] };
}

/**
 * After a statement that renewed what is held. A permit that was not renewed belongs to no one, or to
 * another process: it stays here only until the request under it has ended.
 */
export function afterRenewal(
  holding: Holding,
  asked: readonly PermitKey[],
  renewed: readonly PermitKey[],
  times: PermitTimes,
  sentAtMs: number,
): Holding {
  const has = (list: readonly PermitKey[], { fence }: PermitKey) =>
    list.some((each) => each.fence === fence);
  const permits = holding.permits.map((permit) => {
    if (has(renewed, permit)) return { ...permit, leaseEndsAtMs: sentAtMs + leaseMs(times) };
    return has(asked, permit) ? { ...permit, leaseEndsAtMs: -Infinity } : permit;
  });
  return { ...holding, permits };
}

/** Forgets what has ended. */
export function withoutEnded(holding: Holding, nowMs: number): Holding {
  return {
    permits: holding.permits.filter(
      ({ leaseEndsAtMs, busyUntilMs }) => leaseEndsAtMs > nowMs || busyUntilMs > nowMs,
    ),
    ownRequests: holding.ownRequests.filter(({ busyUntilMs }) => busyUntilMs > nowMs),
  };
}

export function without(holding: Holding, given: readonly PermitKey[]): Holding {
  const fences = new Set(given.map(({ fence }) => fence));
  return { ...holding, permits: holding.permits.filter(({ fence }) => !fences.has(fence)) };
}
