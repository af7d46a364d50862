import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BookingCustomer, type UpstreamRequest } from '@bookings/domain';
import type { Look } from '../idempotency/key-record.ts';
import { type Finding, type Listing, customerOf, lookFor } from '../idempotency/look-up.ts';
import type { State } from '../idempotency/state.ts';
import type { CallerDeparture } from './caller-departure.ts';
import type { CustomerListings } from './customer-listings.ts';

/** A create under a claim that has to look before it may send. */
export interface Unsettled {
  readonly state: State;
  readonly business: string;
  readonly customer: BookingCustomer;
  readonly request: UpstreamRequest;
  readonly departure: CallerDeparture;
  readonly look: Look;
  /** When the store said `look`, in milliseconds of `performance.now()`. */
  readonly claimedAtMs: number;
}

/** What a look-up came to. */
export type Settled =
  | Finding
  /** The settling time ends too late for this request. */
  | { readonly kind: 'too-early'; readonly inMs: number }
  /** The list could not be read to its end. */
  | { readonly kind: 'failed'; readonly cause: unknown };

/** Time that must be left for a look-up to be worth beginning, or a quarter of a very short deadline. */
const LEAST_LOOK_MS = 1000;

export interface SettlementOptions {
  /** How long after a lost answer the list of customers is trusted to show what happened. */
  readonly settleMs: number;
  readonly deadlineMs: number;
}

/** Finds out what became of creates whose answers were lost. */
export class Settlement {
  readonly #closing = new AbortController();

  constructor(
    private readonly listings: CustomerListings,
    private readonly options: SettlementOptions,
  ) {}

  /** Whether the settling time of an attempt that is given up at `atMs` leaves time to look. */
  leavesTime(atMs: number, { deadlineAtMs }: UpstreamRequest): boolean {
    const { settleMs, deadlineMs } = this.options;
    return atMs + settleMs + Math.min(LEAST_LOOK_MS, deadlineMs / 4) <= deadlineAtMs;
  }

  /** Waits for the settling time, and looks. */
  async settle(unsettled: Unsettled): Promise<Settled> {
    const { business, request, departure, look, claimedAtMs } = unsettled;
    const abandonedAtMs = claimedAtMs - (look.nowMs - look.abandonedAtMs);
    const settledAtMs = abandonedAtMs + this.options.settleMs;
    const inMs = settledAtMs - performance.now();
    if (inMs > 0) {
      if (!this.leavesTime(abandonedAtMs, request)) return { kind: 'too-early', inMs };
      await this.#wait(inMs, departure);
    }
    try {
      const listing = await this.#inTime(
        this.listings.complete({ business, request, settledAtMs }),
        request.deadlineAtMs,
      );
      return await this.#find(unsettled, listing);
    } catch (cause) {
      return { kind: 'failed', cause };
    }
  }

  /** Nobody waits any more. */
  close(): void {
    this.listings.close();
    this.#closing.abort(new Error('the process is ending'));
  }

  async #find(unsettled: Unsettled, listing: Listing): Promise<Finding> {
    const { state, business, customer, look, claimedAtMs } = unsettled;
    const { store, secret } = state;
    const digestOf = (id: string) => secret.customer(business, id);
    if (look.customer !== undefined) return customerOf(look.customer, listing, digestOf);
    const sentAgoMs = performance.now() - claimedAtMs + look.nowMs - look.sentAtMs;
    const openedAtMs = Date.now() - sentAgoMs;
    const lost = { sent: customer, openedAtMs, unsettledTwins: look.unsettledTwins };
    return lookFor(lost, listing, async (ids) => {
      const digests = ids.map(digestOf);
      const owned = new Set(await store.owned(digests));
      return new Set(ids.filter((_, index) => owned.has(digests[index] ?? '')));
    });
  }

  async #wait(ms: number, departure: CallerDeparture): Promise<void> {
    await sleep(ms, undefined, {
      signal: AbortSignal.any([departure.signal, this.#closing.signal]),
    });
  }

  async #inTime<T>(promise: Promise<T>, untilMs: number): Promise<T> {
    const late = new AbortController();
    const limit = sleep(untilMs - performance.now(), undefined, { signal: late.signal });
    try {
      return await Promise.race([
        promise,
        limit.then(() => {
          throw new Error('the deadline passed before the list was complete');
        }),
      ]);
    } finally {
      late.abort();
    }
  }
}
