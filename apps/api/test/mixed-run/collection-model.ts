import type { NewCustomer, StoredCustomer } from '@bookings/graph-fake';
import type { Census } from './census.ts';
import type { Query, Target } from './operations.ts';

/** Properties that Graph assigns to a new customer. */
export interface Assigned {
  readonly id: string;
  readonly createdDateTime: string;
}

const UNKNOWN_ID = 'AAQk/unknown+==';

/** A model of the customers of one caller in one business. */
export class CollectionModel {
  /** In order of creation. */
  readonly #kept = new Map<string, StoredCustomer>();

  /**
   * @param pageSize default page size of lists
   * @param census of the business, which several callers may share
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

  /** Throws when there is no such customer. */
  get(id: string): StoredCustomer {
    const customer = this.#kept.get(id);
    if (customer === undefined) throw new TypeError(`${id} is not there`);
    return customer;
  }

  create(values: Partial<NewCustomer>, { id, createdDateTime }: Assigned): StoredCustomer {
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

  /** The pages of a list. There is at least one page. */
  pages(query: Query): readonly (readonly StoredCustomer[])[] {
    const listed = this.matching(query).slice(query.skip);
    const size = query.top ?? this.pageSize;
    const count = Math.max(1, Math.ceil(listed.length / size));
    return Array.from({ length: count }, (_, page) => listed.slice(page * size, (page + 1) * size));
  }
}

/** A customer in a response, with the selected members or all of them. */
export function entity(customer: StoredCustomer, select?: readonly string[]): object {
  const members = Object.entries(customer).filter(([name]) => select?.includes(name) ?? true);
  return { '@odata.type': '#microsoft.graph.bookingCustomer', ...Object.fromEntries(members) };
}
