import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingCustomer, UpstreamRequest } from '@bookings/domain';
import type { ClientDisconnect } from './client-disconnect.ts';
import type { CustomerLists, ListRequest } from './customer-lists.ts';
import { withDeadline } from './deadline.ts';
import { GuardedLists } from './guarded-lists.ts';
import {
  type CustomerList,
  findByDigest,
  findCustomer,
  type Finding,
  type Window,
} from './lookup.ts';
import type { Moment } from './moment.ts';
import { ownedIdsIn } from './owned-ids.ts';
import type { CreateStore } from './traced-store.ts';
import type { PendingLookup } from './transition.ts';

/** A create that must look up its customer before it may send. */
export interface UnreconciledCreate extends CreateStore {
  readonly business: string;
  readonly customer: BookingCustomer;
  readonly request: UpstreamRequest;
  readonly disconnect: ClientDisconnect;
  readonly lookup: PendingLookup;
  /** When the store was asked for `lookup`. */
  readonly askedAt: Moment;
  /** When the store returned it. */
  readonly acquiredAt: Moment;
  /** Whether a customer that was created after the settling time cannot be the one. */
  readonly isWindowClosed: boolean;
}

/** The result of a lookup. */
export type Reconciliation =
  | Finding
  /** The deadline of the request is before the end of the settling time. */
  | { readonly kind: 'too-early'; readonly inMs: number }
  /** The list could not be read completely. */
  | { readonly kind: 'failed'; readonly cause: unknown };

/** The least time for a lookup; for short deadlines it is a quarter of the deadline. */
const MIN_LOOKUP_MS = 1000;

const COMPLETE = 'the list was complete';

export interface ReconcilerOptions {
  /** How long Graph may take until its customer list shows an attempt without a response. */
  readonly settleMs: number;
  readonly deadlineMs: number;
}

/** Finds out whether a create with an unknown outcome has created its customer. */
export class Reconciler {
  readonly #closing = new AbortController();
  readonly #guardedLists: GuardedLists;

  constructor(
    private readonly lists: CustomerLists,
    private readonly options: ReconcilerOptions,
  ) {
    this.#guardedLists = new GuardedLists(lists);
  }

  /** Whether there is time for a lookup after the settling time of an attempt that ends at `atMs`. */
  leavesTime(atMs: number, { deadlineAtMs }: UpstreamRequest): boolean {
    const { settleMs, deadlineMs } = this.options;
    return atMs + settleMs + Math.min(MIN_LOOKUP_MS, deadlineMs / 4) <= deadlineAtMs;
  }

  /** Waits for the settling time, then reads the customer list. */
  async reconcile(create: UnreconciledCreate): Promise<Reconciliation> {
    const { business, request, disconnect } = create;
    const abandonedAtMs = endOfAttempt(create);
    const notBeforeMs = abandonedAtMs + this.options.settleMs;
    const inMs = notBeforeMs - performance.now();
    if (inMs > 0) {
      if (!this.leavesTime(abandonedAtMs, request)) return { kind: 'too-early', inMs };
      await this.#wait(inMs, disconnect);
    }
    try {
      const find = create.lookup.guarded ? this.#findUnderGuard : this.#findInNewList;
      return await find(create, { business, request, notBeforeMs });
    } catch (cause) {
      return { kind: 'failed', cause };
    }
  }

  /** Cancels everything that waits. */
  close(): void {
    this.lists.close();
    this.#closing.abort(new Error('the process is ending'));
  }

  readonly #findInNewList = async (
    create: UnreconciledCreate,
    wanted: ListRequest,
  ): Promise<Finding> => {
    const list = await withDeadline(
      this.lists.complete(wanted),
      wanted.request.deadlineAtMs,
      COMPLETE,
    );
    return this.#find(create, list);
  };

  readonly #findUnderGuard = async (
    create: UnreconciledCreate,
    wanted: ListRequest,
  ): Promise<Finding> => {
    const { sentAtMs, abandonedAtMs } = create.lookup;
    const findInList = async () => {
      const list = this.#guardedLists.complete(
        wanted,
        `${sentAtMs} ${abandonedAtMs}`,
        this.#windowOf(create),
      );
      return this.#find(create, await withDeadline(list, wanted.request.deadlineAtMs, COMPLETE));
    };
    const finding = await findInList();
    // Another client may have changed or deleted what was in doubt.
    const isOld = finding.kind === 'inconclusive' && this.#guardedLists.expire(wanted);
    return isOld ? findInList() : finding;
  };

  #windowOf(create: UnreconciledCreate): Window {
    const { lookup, askedAt, isWindowClosed } = create;
    // `nowMs` is between the two moments. The window must not begin after the attempt, nor end before it.
    const sentAgoMs = lookup.nowMs - lookup.sentAtMs + askedAt.mostAgoMs();
    const settledAtMs = endOfAttempt(create) + this.options.settleMs;
    return {
      sentAtMs: performance.now() - sentAgoMs,
      settledAtMs: isWindowClosed || lookup.guarded ? settledAtMs : Infinity,
    };
  }

  async #find(create: UnreconciledCreate, list: CustomerList): Promise<Finding> {
    const { secret, business, customer, lookup } = create;
    const digestOf = (id: string) => secret.customerDigest(business, id);
    if (lookup.customer !== undefined) return findByDigest(lookup.customer, list, digestOf);
    const { unknownDuplicates } = lookup;
    const lost = { sent: customer, unknownDuplicates, ...this.#windowOf(create) };
    return findCustomer(lost, list, ownedIdsIn(create, business));
  }

  async #wait(ms: number, disconnect: ClientDisconnect): Promise<void> {
    await sleep(ms, undefined, {
      signal: AbortSignal.any([disconnect.signal, this.#closing.signal]),
    });
  }
}

/** When the last attempt ended, in milliseconds of `performance.now()`. */
function endOfAttempt({ lookup, acquiredAt }: UnreconciledCreate): number {
  return acquiredAt.elapsedMs - (lookup.nowMs - lookup.abandonedAtMs);
}
