import { performance } from 'node:perf_hooks';
import { foldBusinessId } from '@bookings/domain';
import type { CustomerLists, ListRequest } from './customer-lists.ts';
import { createdWithin, type CustomerList, type Window } from './lookup.ts';

interface KeptList {
  /** Identifies the guard. Lists of another one are of no use. */
  readonly guard: string;
  /** By `performance.now()`, when the list was complete. */
  readonly readAtMs: number;
  /** Only with customers of the window. */
  readonly list: CustomerList;
}

export interface GuardedListsOptions {
  /** How many customers are kept, of all businesses together. */
  readonly maxCustomers: number;
  readonly maxBusinesses: number;
  /** An older list is read again where it settles nothing. */
  readonly maxAgeMs: number;
}

const OPTIONS: GuardedListsOptions = {
  maxCustomers: 20_000,
  maxBusinesses: 1000,
  maxAgeMs: 60_000,
};

/**
 * Complete lists for lookups that the guard of the store requires. Such a lookup concerns customers
 * from before the end of the lost attempts, so one list serves until the guard ends.
 */
export class GuardedLists {
  /** By business, the least recently used first. */
  readonly #kept = new Map<string, KeptList>();
  /** Lists that are being read, by guard and business. */
  readonly #running = new Map<string, Promise<CustomerList>>();

  constructor(
    private readonly lists: Pick<CustomerLists, 'complete'>,
    private readonly options = OPTIONS,
  ) {}

  /**
   * @param wanted not before the settling time of the lost attempts
   * @param guard identifies the guard
   * @throws GraphError when a page cannot be read
   */
  async complete(wanted: ListRequest, guard: string, window: Window): Promise<CustomerList> {
    const business = foldBusinessId(wanted.business);
    const name = JSON.stringify([guard, business]);
    for (;;) {
      const kept = this.#kept.get(business);
      if (kept?.guard === guard) {
        this.#keep(business, kept);
        return kept.list;
      }
      const running = this.#running.get(name);
      if (!running) return this.#read(name, wanted, guard, window);
      // The failure may be specific to the other caller. A list that was not kept serves as well.
      const list = await running.catch(() => undefined);
      if (list) return list;
      if (performance.now() >= wanted.request.deadlineAtMs) {
        throw new Error('the deadline passed while another request read the list');
      }
    }
  }

  /** Ends that an old list is used again. @returns whether another list may settle the lookup */
  expire({ business }: ListRequest): boolean {
    const mailbox = foldBusinessId(business);
    const kept = this.#kept.get(mailbox);
    if (kept && performance.now() - kept.readAtMs < this.options.maxAgeMs) return false;
    this.#kept.delete(mailbox);
    return true;
  }

  async #read(
    name: string,
    wanted: ListRequest,
    guard: string,
    window: Window,
  ): Promise<CustomerList> {
    const reading = this.lists.complete(wanted).then((list) => createdWithin(window, list));
    this.#running.set(name, reading);
    try {
      const list = await reading;
      const readAtMs = performance.now();
      this.#keep(foldBusinessId(wanted.business), { guard, readAtMs, list });
      return list;
    } finally {
      this.#running.delete(name);
    }
  }

  #keep(business: string, kept: KeptList): void {
    this.#kept.delete(business);
    this.#kept.set(business, kept);
    const { maxCustomers, maxBusinesses } = this.options;
    let count = 0;
    for (const { list } of this.#kept.values()) count += list.customers.length;
    for (const [oldest, { list }] of this.#kept) {
      if (count <= maxCustomers && this.#kept.size <= maxBusinesses) return;
      // The newest list stays, however long it is.
      if (oldest === business) return;
      this.#kept.delete(oldest);
      count -= list.customers.length;
    }
  }
}
