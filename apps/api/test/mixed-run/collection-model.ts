import type { NewCustomer, StoredCustomer } from '@bookings/graph-fake';
import type { Census } from './census.ts';
import type { Query, Target } from './operations.ts';

/** What only the service can know of a new customer. */
export interface Given {
  readonly id: string;
  readonly createdDateTime: string;
}

const UNKNOWN_ID = 'AAQk/nobody+==';

/** What one caller must find of its own customers in one business. */
export class CollectionModel {
  /** In order of creation. */
  readonly #kept = new Map<string, StoredCustomer>();

  /**
   * @param pageSize of lists where the caller does not say
   * @param census of the business, which others may share
   */
  constructor(
    private readonly pageSize: number,
    readonly census: Census,
  ) {}

  get customers(): readonly StoredCustomer[] {
    return [...this.#kept.values()];
  }

  idOf({ which, at }: Target): string {
    const known = { kept: this.#kept.keys(), gone: this.census.gone.keys(), unknown: [] };
    const ids = [...known[which]];
    return ids[at % ids.length] ?? UNKNOWN_ID;
  }

  has(id: string): boolean {
    return this.#kept.has(id);
  }

  /** Throws, as what follows does, when there is none. */
  get(id: string): StoredCustomer {
    const customer = this.#kept.get(id);
    if (customer === undefined) throw new TypeError(`${id} is not there`);
    return customer;
  }

  create(values: Partial<NewCustomer>, { id, createdDateTime }: Given): StoredCustomer {
    const { displayName, emailAddress = null, addresses = [], phones = [] } = values;
    if (displayName === undefined) throw new TypeError('a customer without a name');
    if (this.has(id) || this.census.gone.has(id)) throw new TypeError(`${id} is taken`);
    const customer = {
      id,
      displayName,
      emailAddress,
      addresses,
      phones,
      createdDateTime,
      lastUpdatedDateTime: createdDateTime,
    };
    this.#kept.set(id, customer);
    this.census.created += 1;
    return customer;
  }

  update(id: string, changes: Partial<NewCustomer>, lastUpdatedDateTime: string): StoredCustomer {
    const customer = { ...this.get(id), ...changes, lastUpdatedDateTime };
    this.#kept.set(id, customer);
    return customer;
  }

  remove(id: string): void {
    this.get(id);
    this.#kept.delete(id);
    this.census.gone.add(id);
  }

  matching({ filter }: Query): readonly StoredCustomer[] {
    return this.customers.filter((each) => !filter || each[filter.member] === filter.value);
  }

  /** What each page of a list holds, the first one also when there is nothing to hold. */
  pages(query: Query): readonly (readonly StoredCustomer[])[] {
    const listed = this.matching(query).slice(query.skip);
    const size = query.top ?? this.pageSize;
    const count = Math.max(1, Math.ceil(listed.length / size));
    return Array.from({ length: count }, (_, page) => listed.slice(page * size, (page + 1) * size));
  }
}

/** A customer as an answer has it; `select`: its members, all where it says nothing. */
export function entity(customer: StoredCustomer, select?: readonly string[]): object {
  const members = Object.entries(customer).filter(([name]) => select?.includes(name) ?? true);
  return { '@odata.type': '#microsoft.graph.bookingCustomer', ...Object.fromEntries(members) };
}
