import { type Answer, errorIn, isObject, parseJson } from './answer.ts';
import { pathSegment, readBaseUrl } from './base-url.ts';
import type { BookingCustomer, CreatedBookingCustomer } from './booking-customer.ts';
import { BookingsApiError } from './bookings-api-error.ts';

export interface BookingsClientOptions {
  /** Address of the proxy, such as `https://bookings.contoso.com`; with or without `/v1.0`. */
  readonly baseUrl: string;

  /**
   * A token for the proxy (its audience, not Graph's), asked for before every request: keep one
   * until it expires. What it throws is thrown as it is, and nothing was sent then.
   */
  readonly getToken: (options: RequestOptions) => string | Promise<string>;

  /** Permits plain http to other hosts than this one; default false. */
  readonly allowInsecureConnection?: boolean;
}

export interface RequestOptions {
  /**
   * Gives the request up. What is thrown then is the signal's reason; a customer may have been
   * created all the same. Without a signal a request ends when the proxy answers, by its own
   * deadline.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Booking customers through the proxy. Sends every request once. */
export class BookingsClient {
  readonly #root: string;
  readonly #getToken: BookingsClientOptions['getToken'];

  /** @throws TypeError when an option cannot be used; it says why */
  constructor(options: BookingsClientOptions) {
    const { baseUrl, getToken, allowInsecureConnection = false } = options;
    const base = readBaseUrl(baseUrl, allowInsecureConnection);
    this.#root = `${base}/v1.0/solutions/bookingBusinesses/`;
    this.#getToken = getToken;
  }

  /**
   * Creates a customer of a booking business. Never sends it twice: see `outcome` of the error for
   * whether asking again is safe.
   *
   * @param businessId the booking mailbox's address or id
   * @throws BookingsApiError for every answer but 201, and when none came
   * @throws TypeError when nothing could be sent: no usable `businessId` or token
   */
  async createCustomer(
    businessId: string,
    customer: BookingCustomer,
    options: RequestOptions = {},
  ): Promise<CreatedBookingCustomer> {
    const url = `${this.#root}${pathSegment('businessId', businessId)}/customers`;
    const clientRequestId = crypto.randomUUID();
    const answer = await this.#send(url, JSON.stringify(customer), clientRequestId, options);
    if (answer.status !== 201) throw errorIn(answer, clientRequestId);
    const entity = parseJson(answer.text);
    if (isCreated(entity)) return entity;
    throw new BookingsApiError('The Bookings API answered 201 without a booking customer.', {
      status: 201,
      code: 'UnknownError',
      requestId: answer.headers.get('request-id') ?? undefined,
      clientRequestId,
      outcome: 'unknown',
    });
  }

  async #send(
    url: string,
    body: string,
    clientRequestId: string,
    { signal }: RequestOptions,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const headers = {
      Accept: 'application/json',
      Authorization: `Bearer ${await this.#token(signal)}`,
      'Content-Type': 'application/json',
      'client-request-id': clientRequestId,
    };
    signal?.throwIfAborted();
    try {
      // A redirection would send the create again, perhaps elsewhere, and the token with it.
      const init: RequestInit = { method: 'POST', headers, body, redirect: 'manual' };
      const response = await fetch(url, signal ? { ...init, signal } : init);
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (cause) {
      signal?.throwIfAborted();
      throw new BookingsApiError('The Bookings API did not answer: the connection failed.', {
        code: 'ConnectionFailed',
        clientRequestId,
        outcome: neverConnected(cause) ? 'not-sent' : 'unknown',
        cause,
      });
    }
  }

  async #token(signal: AbortSignal | undefined): Promise<string> {
    // Not every caller is checked by a compiler.
    const token: unknown = await this.#getToken({ signal });
    // The characters of RFC 6750, 2.1. The message must not repeat what was given.
    if (typeof token === 'string' && /^[\w.~+/-]+=*$/.test(token)) return token;
    throw new TypeError('getToken must give a bearer token');
  }
}

function isCreated(entity: unknown): entity is CreatedBookingCustomer {
  return isObject(entity) && typeof entity['id'] === 'string' && entity['id'] !== '';
}

/** What Node's fetch says when there was no connection to send anything on. */
const NEVER_CONNECTED: readonly unknown[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
];

function neverConnected(error: unknown): boolean {
  // By its shape: what fetch throws need not be an Error of the realm that this code runs in.
  const cause = isObject(error) ? error['cause'] : undefined;
  return isObject(cause) && NEVER_CONNECTED.includes(cause['code']);
}
