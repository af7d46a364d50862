import { unintelligible } from './answer.ts';
import { pathSegment, readBaseUrl } from './base-url.ts';
import {
  type BookingCustomer,
  type BookingCustomerChanges,
  type CreatedBookingCustomer,
  customerIn,
} from './booking-customer.ts';
import { type CreateReport, create } from './create.ts';
import type { CreateOptions } from './create-options.ts';
import { type CustomerPage, pageIn, readNextLink } from './customer-page.ts';
import {
  type CountOptions,
  type ListOptions,
  type RequestOptions,
  type WriteOptions,
  queryOf,
} from './request-options.ts';
import { type GetToken, Sender } from './sender.ts';

export interface BookingsClientOptions {
  /** Address of the proxy, such as `https://bookings.contoso.com`; with or without `/v1.0`. */
  readonly baseUrl: string;

  /**
   * A token for the proxy (its audience, not Graph's), asked for before every request: keep one
   * until it expires. What it throws is thrown as it is, and nothing was sent then; where a create
   * was sent before, it is the `cause` of the error that says so.
   */
  readonly getToken: GetToken;

  /** Permits plain http to other hosts than this one; default false. */
  readonly allowInsecureConnection?: boolean;
}

/**
 * Booking customers through the proxy. Sends every request once, but for creates, which have a key.
 * Businesses are named by the booking mailbox's address or id, customers by their id. Every method
 * throws a BookingsApiError for an answer that is no success and when none came, and a TypeError
 * when nothing could be sent: no usable id, option or token.
 */
export class BookingsClient {
  readonly #root: string;
  readonly #sender: Sender;

  /** @throws TypeError when an option cannot be used; it says why */
  constructor(options: BookingsClientOptions) {
    const { baseUrl, getToken, allowInsecureConnection = false } = options;
    const base = readBaseUrl(baseUrl, allowInsecureConnection);
    this.#root = `${base}/v1.0/solutions/bookingBusinesses/`;
    this.#sender = new Sender(getToken);
  }

  /**
   * Creates a customer of a booking business, once: it is sent with an Idempotency-Key, and with the
   * same again after a lost or broken answer, while the key is in use (409), and after 502, 503, 504
   * and a 429 that says when. What is thrown at last has the key, to go on with later.
   */
  async createCustomer(
    businessId: string,
    customer: BookingCustomer,
    options: CreateOptions = {},
  ): Promise<CreatedBookingCustomer> {
    return (await this.createCustomerWithReport(businessId, customer, options)).customer;
  }

  /** The same, and gives more than the customer: the key, whether it was replayed, a warning. */
  async createCustomerWithReport(
    businessId: string,
    customer: BookingCustomer,
    options: CreateOptions = {},
  ): Promise<CreateReport> {
    const url = this.#customers(businessId);
    return create(this.#sender, url, JSON.stringify(customer), options);
  }

  async getCustomer(
    businessId: string,
    customerId: string,
    options: RequestOptions = {},
  ): Promise<CreatedBookingCustomer> {
    const url = this.#customer(businessId, customerId);
    return customerIn(await this.#sender.send({ method: 'GET', url, expected: 200 }, options));
  }

  /**
   * Changes what `changes` names and leaves the rest: null empties a property, absent keeps it.
   *
   * @returns the whole customer, as it is afterwards
   */
  async updateCustomer(
    businessId: string,
    customerId: string,
    changes: BookingCustomerChanges,
    options: WriteOptions = {},
  ): Promise<CreatedBookingCustomer> {
    const url = this.#customer(businessId, customerId);
    const body = JSON.stringify(changes);
    const headers = conditions(options);
    return customerIn(
      await this.#sender.send({ method: 'PATCH', url, body, headers, expected: 200 }, options),
      true,
    );
  }

  async deleteCustomer(
    businessId: string,
    customerId: string,
    options: WriteOptions = {},
  ): Promise<void> {
    const url = this.#customer(businessId, customerId);
    const headers = conditions(options);
    await this.#sender.send({ method: 'DELETE', url, headers, expected: 204 }, options);
  }

  async countCustomers(businessId: string, options: CountOptions = {}): Promise<number> {
    const { filter, search } = options;
    const url = `${this.#customers(businessId)}/$count${queryOf({ filter, search })}`;
    const headers = { Accept: 'text/plain' };
    const answer = await this.#sender.send({ method: 'GET', url, headers, expected: 200 }, options);
    if (/^\uFEFF?\d{1,15}$/.test(answer.text)) return Number(answer.text.replace('\uFEFF', ''));
    throw unintelligible(answer, 'a number');
  }

  /** One page. `nextPage` gives the one after it, `customers` all of them one by one. */
  async listCustomers(businessId: string, options: ListOptions = {}): Promise<CustomerPage> {
    return this.#page(`${this.#customers(businessId)}${queryOf(options)}`, options);
  }

  /**
   * The page that `nextLink` of another page leads to.
   *
   * @throws TypeError when it leads elsewhere than to this proxy: no token is sent there
   */
  async nextPage(nextLink: string, options: RequestOptions = {}): Promise<CustomerPage> {
    return this.#page(readNextLink(nextLink, this.#root), options);
  }

  /** All customers, fetched page by page as they are asked for. */
  async *customers(
    businessId: string,
    options: ListOptions = {},
  ): AsyncGenerator<CreatedBookingCustomer, void, undefined> {
    const followed = new Set<string>();
    let page = await this.listCustomers(businessId, options);
    for (;;) {
      yield* page.customers;
      const { nextLink } = page;
      if (nextLink === undefined) return;
      // Pages in a circle would never end.
      if (followed.has(nextLink)) throw new TypeError('nextLink leads back to an earlier page');
      followed.add(nextLink);
      page = await this.nextPage(nextLink, options);
    }
  }

  async #page(url: string, options: RequestOptions): Promise<CustomerPage> {
    return pageIn(await this.#sender.send({ method: 'GET', url, expected: 200 }, options));
  }

  #customers(businessId: string): string {
    return `${this.#root}${pathSegment('businessId', businessId)}/customers`;
  }

  #customer(businessId: string, customerId: string): string {
    return `${this.#customers(businessId)}/${pathSegment('customerId', customerId)}`;
  }
}

function conditions({ ifMatch }: WriteOptions): Record<string, string> {
  return ifMatch === undefined ? {} : { 'If-Match': ifMatch };
}
