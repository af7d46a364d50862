import type { LearnedLimit, Permit, Permits, PermitsEvents } from '@bookings/graph-client';
import type { LeaseOwner } from './lease-owner.ts';
import {
  freeOne,
  type HeldPermit,
  type Holding,
  inFlight,
  mayBegin,
  NOTHING_HELD,
  setBusy,
  setOwn,
  without,
  withoutEnded,
} from './held-permits.ts';
import { OtherReplicas } from './other-replicas.ts';
import { nextReplica, surplus } from './shares.ts';

/** How long a permit is used while others wait for it. */
const SLICE_MS = 2000;
/** How long a permit is kept for the next request of a caller, although others wait for it. */
const NEXT_REQUEST_MS = 20;

/** A permit that is to be given up, and who gets it. */
export interface Given {
  readonly permit: HeldPermit;
  readonly to: string | undefined;
}

/** The permits that this process leases for one mailbox. */
export class MailboxLease implements Permits {
  /** How many requests are in flight or wait. */
  wanted = 0;
  usedAtMs = -Infinity;
  heldElsewhere = 0;
  /** Whether the rows had too few free permits, so that it waits to hear of one. */
  isWaiting = false;
  /** Whether other processes are to hear that it waits, or waits no longer. */
  tellsWaiting = false;
  /** Whether a permit was freed for it that others may take. */
  offersSurplus = false;
  /** Whether another process has given a permit up since it asked for one. */
  #isFreedSince = false;
  #isTaking = false;
  /** Permits that were freed for it, and that it has not asked for yet. */
  #freedForIt = 0;
  /** Demand that has just ended, and may come back at once. */
  #recent = { wanted: 0, untilMs: -Infinity };
  #holding = NOTHING_HELD;
  readonly others = new OtherReplicas();
  #limit: number;
  #ownRequests = 0;

  constructor(
    readonly mailbox: string,
    private readonly owner: LeaseOwner,
    readonly events: PermitsEvents,
  ) {
    this.#limit = owner.concurrency;
  }

  get holding(): Holding {
    return this.#holding;
  }

  set holding(holding: Holding) {
    this.#holding = holding;
  }

  get isIdle(): boolean {
    const { permits, ownRequests } = this.#holding;
    const isBusy = this.#isTaking || this.tellsWaiting;
    return permits.length + ownRequests.length + this.wanted === 0 && !isBusy;
  }

  capacity(nowMs: number): number {
    const { atMost, needsPermit } = this.owner.allowance(nowMs);
    return Math.min(atMost, needsPermit ? this.held(nowMs) : Infinity);
  }

  /** Permits whose lease has not ended. */
  held(nowMs: number): number {
    return this.#holding.permits.filter(({ leaseEndsAtMs }) => leaseEndsAtMs > nowMs).length;
  }

  /** How many permits to ask for. */
  missing(nowMs: number): number {
    const useful = Math.min(this.#limit, this.owner.allowance(nowMs).atMost);
    return Math.max(0, Math.min(this.wanted, useful) - this.held(nowMs));
  }

  hasFree(limit: number, nowMs: number): boolean {
    return this.#free(limit, nowMs) !== undefined;
  }

  take(limit: number, nowMs: number): Permit {
    const free = this.#free(limit, nowMs);
    if (free === undefined) throw new Error('the mailbox has no free permit');
    this.usedAtMs = nowMs;
    return free === 'own' ? this.#takeOwn(nowMs) : this.#takeLeased(free);
  }

  inFlightElsewhere(): number {
    return this.heldElsewhere;
  }

  paused(untilMs: number): void {
    this.owner.tell(untilMs, undefined);
  }

  lowered(learned: LearnedLimit): void {
    this.owner.tell(undefined, learned);
  }

  /** Takes what is to be given up out of the holding. */
  handOver(nowMs: number): readonly Given[] {
    this.#holding = withoutEnded(this.#holding, nowMs);
    const idle = this.#holding.permits
      .filter(({ busyUntilMs }) => busyUntilMs <= nowMs)
      .toSorted((one, other) => one.takenAtMs - other.takenAtMs);
    const newest = Math.max(...this.#holding.permits.map(({ takenAtMs }) => takenAtMs));
    const own = {
      wanted: Math.max(this.wanted, nowMs < this.#recent.untilMs ? this.#recent.wanted : 0),
      held: this.held(nowMs),
      hasHadItsTurn: nowMs - newest >= SLICE_MS,
    };
    // A learned limit leaves the last slots unused.
    const unusable = idle.filter(({ slot }) => slot >= this.#limit);
    const given: Given[] = unusable.map((permit) => ({ permit, to: undefined }));
    const usable = idle.filter(({ slot }) => slot < this.#limit);
    for (const permit of usable.slice(0, surplus(own, this.others.waiting(nowMs)))) {
      const to = nextReplica(this.others.waiting(nowMs));
      if (!to) break;
      given.push({ permit, to: to.process });
      this.others.give(to.process);
    }
    if (given.length === 0) return [];
    this.drop(given.map(({ permit }) => permit));
    // It waits for its next turn without another statement. A slot below a learned limit may be free.
    const isForOthers = given.some(({ to }) => to !== undefined);
    if (isForOthers && this.missing(nowMs) > 0) this.isWaiting = this.tellsWaiting = true;
    return given;
  }

  /** When to look again for permits to hand over, without an event; Infinity for never. */
  reviewAtMs(nowMs: number): number {
    if (this.others.waiting(nowMs).length === 0) return Infinity;
    const ends = this.#holding.permits.map(({ busyUntilMs }) => busyUntilMs);
    return Math.min(...[this.#recent.untilMs, ...ends, Infinity].filter((atMs) => atMs > nowMs));
  }

  drop(permits: readonly HeldPermit[]): void {
    this.#holding = without(this.#holding, permits);
  }

  /** A statement is about to ask for permits. */
  beginTake(): void {
    this.#isTaking = true;
    this.#freedForIt = 0;
    this.#isFreedSince = false;
  }

  /** @param isWaiting whether it got too few */
  endTake(isWaiting: boolean): void {
    this.#isTaking = false;
    // The message may arrive before the reply, which does not know of it.
    this.isWaiting = isWaiting && !this.#isFreedSince;
  }

  /** Another process has given a permit up. */
  freed(isForIt: boolean, nowMs: number): void {
    this.#isFreedSince = true;
    this.isWaiting = false;
    if (isForIt) this.#freedForIt += 1;
    this.#offerSurplus(nowMs);
  }

  /** Permits that no request uses. */
  idle(nowMs: number): readonly HeldPermit[] {
    return this.#holding.permits.filter(({ busyUntilMs }) => busyUntilMs <= nowMs);
  }

  inFlight(nowMs: number): number {
    return inFlight(this.#holding, nowMs);
  }

  demand(count: number, nowMs: number): void {
    if (count > 0) this.usedAtMs = nowMs;
    const before = this.wanted;
    this.wanted = count;
    const isHigher = before >= this.#recent.wanted || nowMs >= this.#recent.untilMs;
    if (count < before && isHigher) {
      this.#recent = { wanted: before, untilMs: nowMs + NEXT_REQUEST_MS };
    }
    if (this.isWaiting && this.missing(nowMs) === 0) {
      this.isWaiting = false;
      this.tellsWaiting = true;
    }
    this.#offerSurplus(nowMs);
    if (count !== before) this.owner.changed(nowMs);
  }

  /** The others do not ask for a permit that was freed for it before they hear that they may. */
  #offerSurplus(nowMs: number): void {
    const needed = this.missing(nowMs);
    if (this.#freedForIt <= needed) return;
    this.#freedForIt = needed;
    this.tellsWaiting = this.offersSurplus = true;
  }

  #free(limit: number, nowMs: number): HeldPermit | 'own' | undefined {
    this.#limit = limit;
    const { times } = this.owner;
    return freeOne(this.#holding, this.owner.allowance(nowMs), { limit, times }, nowMs);
  }

  #takeLeased({ fence }: HeldPermit): Permit {
    this.#holding = setBusy(this.#holding, fence, Infinity);
    const held = () => this.#holding.permits.find((each) => each.fence === fence);
    return {
      mayBegin: (nowMs) => {
        const permit = held();
        return permit !== undefined && mayBegin(permit, this.owner.times, nowMs);
      },
      release: (freeAtMs, nowMs) => {
        this.#holding = setBusy(this.#holding, fence, freeAtMs);
        this.owner.changed(nowMs);
      },
    };
  }

  #takeOwn(nowMs: number): Permit {
    const id = (this.#ownRequests += 1);
    this.#holding = setOwn(withoutEnded(this.#holding, nowMs), id, Infinity);
    return {
      // Once the rows rule again, a request needs a permit of theirs.
      mayBegin: (nowMs) => this.owner.allowance(nowMs).atMost !== Infinity,
      release: (freeAtMs, nowMs) => {
        this.#holding = setOwn(this.#holding, id, freeAtMs);
        this.owner.changed(nowMs);
      },
    };
  }
}
