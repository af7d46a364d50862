import { invalidResponse } from './api-response.ts';
import { requireClientOptions, requireObject, requireRequestOptions } from './arguments.ts';
import { pathSegment, readBaseUrl } from './base-url.ts';
import {
  type BookingCustomer,
  type BookingCustomerChanges,
  type CreatedBookingCustomer,
  type CustomerProperty,
  type SelectedCustomer,
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
  conditionsOf,
  queryOf,
} from './request-options.ts';
import { type GetToken, Sender } from './sender.ts';
import { refuseBrowser } from './server-only.ts';

export interface BookingsClientOptions {
  /** Address of the proxy, such as `https://bookings.contoso.com`; with or without `/v1.0`. */
  readonly baseUrl: string;

  /**
   * Returns a token for the audience of the proxy, not for Graph. It is called before every request
   * and should cache the token. Its errors are rethrown unchanged. After an earlier attempt of a
   * create, they are the `cause` of the error of that attempt.
   */
  readonly getToken: GetToken;

  /** Permits plain http to hosts other than loopback; default false. */
  readonly allowInsecureConnection?: boolean;
}

/**
 * A client for booking customers through the proxy, for servers. It retries only creates, which have an
 * Idempotency-Key. A business id is the address or the id of the booking mailbox. Every method throws
 * a BookingsApiError if there is no success response, and a TypeError for an invalid id, option or
 * token.
 */
export class BookingsClient {
  readonly #root: string;
  readonly #sender: Sender;

  /** @throws TypeError if an option is invalid; Error in a browser */
  constructor(options: BookingsClientOptions) {
    refuseBrowser();
    requireClientOptions(options);
    const { baseUrl, getToken, allowInsecureConnection = false } = options;
    const base = readBaseUrl(baseUrl, allowInsecureConnection);
    this.#root = `${base}/v1.0/solutions/bookingBusinesses/`;
    this.#sender = new Sender(getToken);
  }

  /**
   * Creates a customer of a booking business once. It sends an Idempotency-Key and retries with the
   * same key after a lost or invalid response, while the key is in use (409), and after 502, 503, 504
   * and a 429 with Retry-After. The final error has the key, so that a later call can continue.
   */
  async createCustomer(
    businessId: string,
    customer: BookingCustomer,
    options: CreateOptions = {},
  ): Promise<CreatedBookingCustomer> {
    return (await this.createCustomerWithReport(businessId, customer, options)).customer;
  }

  /** As `createCustomer`. The report also has the key, whether it was replayed, and a warning. */
  async createCustomerWithReport(
    businessId: string,
    customer: BookingCustomer,
    options: CreateOptions = {},
  ): Promise<CreateReport> {
    const url = this.#customers(businessId, options);
    requireObject('customer', customer);
    return create(this.#sender, url, JSON.stringify(customer), options);
  }

  async getCustomer(
    businessId: string,
    customerId: string,
    options: RequestOptions = {},
  ): Promise<CreatedBookingCustomer> {
    const url = this.#customer(businessId, customerId, options);
    return customerIn(await this.#sender.send({ method: 'GET', url, expected: 200 }, options));
  }

  /**
   * Updates a customer. Null empties a property, and an absent one does not change.
   *
   * @returns the whole updated customer
   */
  async updateCustomer(
    businessId: string,
    customerId: string,
    changes: BookingCustomerChanges,
    options: WriteOptions = {},
  ): Promise<CreatedBookingCustomer> {
    const url = this.#customer(businessId, customerId, options);
    requireObject('changes', changes);
    const body = JSON.stringify(changes);
    const headers = conditionsOf(options);
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
    const url = this.#customer(businessId, customerId, options);
    const headers = conditionsOf(options);
    await this.#sender.send({ method: 'DELETE', url, headers, expected: 204 }, options);
  }

  async countCustomers(businessId: string, options: CountOptions = {}): Promise<number> {
    const customers = this.#customers(businessId, options);
    const { filter, search } = options;
    const url = `${customers}/$count${queryOf({ filter, search })}`;
    const headers = { Accept: 'text/plain' };
    const response = await this.#sender.send(
      { method: 'GET', url, headers, expected: 200 },
      options,
    );
    if (/^\uFEFF?\d{1,15}$/.test(response.text)) return Number(response.text.replace('\uFEFF', ''));
    throw invalidResponse(response, 'a number');
  }

  /** One page. `nextPage` returns the next one, and `customers` iterates over all customers. */
  async listCustomers<P extends CustomerProperty = CustomerProperty>(
    businessId: string,
    options: ListOptions<P> = {},
  ): Promise<CustomerPage<P>> {
    const customers = this.#customers(businessId, options);
    return this.#page(`${customers}${queryOf(options)}`, options);
  }

  /**
   * The page of the `nextLink` of another page. After `select` its customers have only the selected
   * properties, which the type cannot know; `customers` does.
   *
   * @throws TypeError if the link does not lead to this proxy, because no token may be sent there
   */
  async nextPage(nextLink: string, options: RequestOptions = {}): Promise<CustomerPage> {
    requireRequestOptions(options);
    return this.#page(readNextLink(nextLink, this.#root), options);
  }

  /** All customers. Each page is fetched when it is needed. */
  async *customers<P extends CustomerProperty = CustomerProperty>(
    businessId: string,
    options: ListOptions<P> = {},
  ): AsyncGenerator<SelectedCustomer<P>, void, undefined> {
    const followed = new Set<string>();
    let page: CustomerPage<P> = await this.listCustomers(businessId, options);
    for (;;) {
      yield* page.customers;
      const { nextLink } = page;
      if (nextLink === undefined) return;
      // A cycle of pages would never end.
      if (followed.has(nextLink)) throw new TypeError('nextLink leads back to an earlier page');
      followed.add(nextLink);
      page = await this.nextPage(nextLink, options);
    }
  }

  async #page(url: string, options: RequestOptions): Promise<CustomerPage> {
    return pageIn(await this.#sender.send({ method: 'GET', url, expected: 200 }, options));
  }

  /** The address of the customers, once the arguments that every method has are judged. */
  #customers(businessId: string, options: RequestOptions): string {
    requireRequestOptions(options);
    return `${this.#root}${pathSegment('businessId', businessId)}/customers`;
  }

  #customer(businessId: string, customerId: string, options: RequestOptions): string {
    return `${this.#customers(businessId, options)}/${pathSegment('customerId', customerId)}`;
  }
}
