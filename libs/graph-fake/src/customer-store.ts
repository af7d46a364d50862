import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type AddressTypes, withAddressTypes } from './address-types.ts';
import { base64Id, type IdShape, otherShape } from './customer-id.ts';
import { mailboxOf } from './mailbox.ts';

/** An address or a phone, with only the members that were sent. */
export type CustomerItem = Readonly<Record<string, string | null>>;

/** The properties that a create need not set. */
interface OptionalProperties {
  readonly emailAddress: string | null;
  readonly addresses: readonly (CustomerItem | null)[];
  readonly phones: readonly (CustomerItem | null)[];
}

/** Their values in a customer that was created without them. */
const DEFAULTS: OptionalProperties = { emailAddress: null, addresses: [], phones: [] };

/** What a caller may set on a customer. */
export interface NewCustomer extends Partial<OptionalProperties> {
  readonly displayName: string;
}

/** A customer as Graph stores it. Times are ISO 8601 in UTC. */
export interface StoredCustomer extends OptionalProperties {
  readonly displayName: string;
  readonly id: string;
  readonly createdDateTime: string;
  readonly lastUpdatedDateTime: string;
}

/** A customer with its number in the order of creation, which is never reused. */
export interface CustomerRecord {
  readonly ordinal: number;
  /** In milliseconds of `performance.now()`. */
  readonly storedAtMs: number;
  readonly customer: StoredCustomer;
}

interface Mailbox {
  /** In the configured letter case. */
  readonly business: string;
  readonly guid: string;
  /** By id, in order of creation. */
  readonly customers: Map<string, CustomerRecord>;
  /** How many customers were created, including deleted ones. */
  created: number;
}

export interface StoreSettings {
  readonly businesses: readonly string[];
  readonly idShape: IdShape;
  readonly addressTypes: AddressTypes;
}

/** The businesses and their customers. Only ids are unique, as in Graph. */
export class CustomerStore {
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #everyBusinessExists: boolean;
  readonly #idShape: IdShape;
  readonly #addressTypes: AddressTypes;

  constructor({ businesses, idShape, addressTypes }: StoreSettings) {
    this.#everyBusinessExists = businesses.includes('*');
    this.#idShape = idShape;
    this.#addressTypes = addressTypes;
    for (const business of businesses) {
      if (business !== '*') this.#open(business);
    }
  }

  /** The configured spelling of a business id, which is compared without regard to letter case. */
  find(key: string): string | undefined {
    return this.#mailbox(key)?.business;
  }

  /**
   * Its members are in the order of Microsoft's pages, whose examples do not have the two times.
   *
   * @param createdDateTime ISO 8601; default now
   */
  add(
    business: string,
    customer: NewCustomer,
    createdDateTime = new Date().toISOString(),
  ): StoredCustomer {
    const mailbox = this.#mailbox(business);
    if (mailbox === undefined) throw new TypeError(`Unknown business: ${business}`);
    const guid = randomUUID();
    const { displayName, ...others } = customer;
    const stored = {
      id: this.#idShape === 'guid' ? guid : base64Id(mailbox.guid, guid),
      displayName,
      ...DEFAULTS,
      ...withAddressTypes(others, this.#addressTypes),
      createdDateTime,
      lastUpdatedDateTime: createdDateTime,
    };
    mailbox.created += 1;
    const storedAtMs = performance.now();
    const record = { ordinal: mailbox.created, storedAtMs, customer: stored };
    mailbox.customers.set(stored.id, record);
    return stored;
  }

  /** The id may have either shape. Its letter case matters. */
  get(business: string, id: string): StoredCustomer | undefined {
    const mailbox = this.#mailbox(business);
    if (mailbox === undefined) return undefined;
    const { customers, guid } = mailbox;
    return (customers.get(id) ?? customers.get(otherShape(guid, id) ?? ''))?.customer;
  }

  /**
   * @param id as the store has it
   * @returns the changed customer; undefined if it does not exist
   */
  update(business: string, id: string, changes: Partial<NewCustomer>): StoredCustomer | undefined {
    const customers = this.#mailbox(business)?.customers;
    const before = customers?.get(id);
    if (customers === undefined || before === undefined) return undefined;
    const now = new Date().toISOString();
    const kept = withAddressTypes(changes, this.#addressTypes);
    const customer = { ...before.customer, ...kept, lastUpdatedDateTime: now };
    customers.set(id, { ...before, customer });
    return customer;
  }

  remove(business: string, id: string): void {
    this.#mailbox(business)?.customers.delete(id);
  }

  /** In order of creation; empty for a business that does not exist. */
  list(business: string): readonly StoredCustomer[] {
    return this.records(business).map(({ customer }) => customer);
  }

  /** As `list`, with the numbers. */
  records(business: string): readonly CustomerRecord[] {
    return [...(this.#mailboxes.get(mailboxOf(business))?.customers.values() ?? [])];
  }

  forget(): void {
    for (const mailbox of this.#mailboxes.values()) mailbox.customers.clear();
  }

  #mailbox(key: string): Mailbox | undefined {
    const mailbox = this.#mailboxes.get(mailboxOf(key));
    return mailbox ?? (this.#everyBusinessExists ? this.#open(key) : undefined);
  }

  #open(business: string): Mailbox {
    const mailbox = { business, guid: randomUUID(), customers: new Map(), created: 0 };
    this.#mailboxes.set(mailboxOf(business), mailbox);
    return mailbox;
  }
}
