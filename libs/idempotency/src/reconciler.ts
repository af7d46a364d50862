import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BookingCustomer, type UpstreamRequest } from '@bookings/domain';
import type { Look } from './transition.ts';
import { type Finding, type CustomerList, customerOf, lookFor } from './lookup.ts';
import type { OpenStore } from './open-store.ts';
import type { ClientDisconnect } from './client-disconnect.ts';
import type { CustomerLists } from './customer-lists.ts';

/** A create under a claim that has to look before it may send. */
export interface UnreconciledCreate {
  readonly state: OpenStore;
  readonly business: string;
  readonly customer: BookingCustomer;
  readonly request: UpstreamRequest;
  readonly departure: ClientDisconnect;
  readonly look: Look;
  /** When the store said `look`, in milliseconds of `performance.now()`. */
  readonly claimedAtMs: number;
}

/** What a look-up came to. */
export type Reconciliation =
  | Finding
  /** The settling time ends too late for this request. */
  | { readonly kind: 'too-early'; readonly inMs: number }
  /** The list could not be read to its end. */
  | { readonly kind: 'failed'; readonly cause: unknown };

/** Time that must be left for a look-up to be worth beginning, or a quarter of a very short deadline. */
const LEAST_LOOK_MS = 1000;

export interface ReconcilerOptions {
  /** How long after a lost answer the list of customers is trusted to show what happened. */
  readonly settleMs: number;
  readonly deadlineMs: number;
}

/** Finds out what became of creates whose answers were lost. */
export class Reconciler {
  readonly #closing = new AbortController();

  constructor(
    private readonly listings: CustomerLists,
    private readonly options: ReconcilerOptions,
  ) {}

  /** Whether the settling time of an attempt that is given up at `atMs` leaves time to look. */
  leavesTime(atMs: number, { deadlineAtMs }: UpstreamRequest): boolean {
    const { settleMs, deadlineMs } = this.options;
    return atMs + settleMs + Math.min(LEAST_LOOK_MS, deadlineMs / 4) <= deadlineAtMs;
  }

  /** Waits for the settling time, and looks. */
  async settle(unsettled: UnreconciledCreate): Promise<Reconciliation> {
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

  async #find(unsettled: UnreconciledCreate, listing: CustomerList): Promise<Finding> {
    const { state, business, customer, look, claimedAtMs } = unsettled;
    const { store, secret } = state;
    const digestOf = (id: string) => secret.customer(business, id);
    if (look.customer !== undefined) return customerOf(look.customer, listing, digestOf);
    const sentAgoMs = performance.now() - claimedAtMs + look.nowMs - look.sentAtMs;
    const openedAtMs = Date.now() - sentAgoMs;
    const lost = { sent: customer, openedAtMs, unsettledDuplicates: look.unsettledDuplicates };
    return lookFor(lost, listing, async (ids) => {
      const digests = ids.map(digestOf);
      const owned = new Set(await store.owned(digests));
      return new Set(ids.filter((_, index) => owned.has(digests[index] ?? '')));
    });
  }

  async #wait(ms: number, departure: ClientDisconnect): Promise<void> {
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
