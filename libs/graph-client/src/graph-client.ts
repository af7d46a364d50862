import { performance } from 'node:perf_hooks';
import {
  BookingsGateway,
  type BookingCustomer,
  type BookingCustomerChanges,
  type CreatedCustomer,
  MAX_ANSWER_BYTES,
  MAX_PAGE_BYTES,
  type UpstreamResponse,
  type UpstreamRequest,
  encodedSegment,
} from '@bookings/domain';
import { Pool } from 'undici';
import { attemptReserveMs } from './retry/retry-rule.ts';
import { type AddressSchema, customerBody } from './customer-body.ts';
import { BOUNDLESS, type WireRequest } from './transport/exchange.ts';
import { countIn, createdCustomer, customerIn, deleted, pageIn } from './transport/graph-response.ts';
import type { GraphCredential } from './credentials/graph-credential.ts';
import { forwardedHeaders } from './transport/headers.ts';
import { MailboxLimiter, type MailboxLimiterOptions } from './mailbox-limiter/mailbox-limiter.ts';
import { withDeadline } from './mailbox-limiter/deadline.ts';
import { type Sent, send } from './retry/send.ts';

export interface GraphClientOptions {
  /** Such as `https://graph.microsoft.com/v1.0`. */
  readonly baseUrl: string;
  readonly credential: GraphCredential;
  /** One attempt, from asking for a connection to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  readonly mailbox: MailboxLimiterOptions;
  readonly addressSchema: AddressSchema;
}

/** What is particular to one request to a business. */
interface Asked extends Pick<WireRequest, 'method' | 'body'> {
  readonly business: string;
  /** Behind the collection: empty, or a slash and one segment. */
  readonly segment?: string;
  /** As `readQueryOptions` gives it. */
  readonly query?: string;
  readonly maxBodyBytes?: number;
  /** In the place of what the caller accepts. */
  readonly accept?: string;
}

/** Microsoft Graph, or whatever answers like it. */
export class GraphClient extends BookingsGateway {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #gate: MailboxLimiter;

  constructor(private readonly options: GraphClientOptions) {
    super();
    const { origin, pathname } = new URL(options.baseUrl);
    this.#basePath = pathname.replace(/\/+$/, '');
    // HTTP/1.1, so that "not a byte was sent" can be told for every request by itself.
    this.#pool = new Pool(origin, {
      ...BOUNDLESS,
      allowH2: false,
      pipelining: 1,
      connectTimeout: options.attemptTimeoutMs,
    });
    this.#gate = new MailboxLimiter(options.mailbox);
  }

  override createCustomer(
    business: string,
    customer: BookingCustomer,
    request: UpstreamRequest,
  ): Promise<CreatedCustomer> {
    const body = customerBody(customer, this.options.addressSchema);
    return this.#ask({ method: 'POST', business, body }, request, createdCustomer);
  }

  override listCustomers(
    business: string,
    query: string,
    collectionUrl: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    const asked = { method: 'GET', business, query, maxBodyBytes: MAX_PAGE_BYTES } as const;
    const upstreamUrl = `${this.options.baseUrl.replace(/\/+$/, '')}/`;
    return this.#ask(asked, request, (sent) =>
      pageIn(sent, request, { upstreamUrl, collectionUrl }),
    );
  }

  override countCustomers(
    business: string,
    query: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    const asked = { method: 'GET', business, segment: '/$count', query } as const;
    return this.#ask({ ...asked, accept: 'text/plain' }, request, countIn);
  }

  override getCustomer(
    business: string,
    id: string,
    query: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#ask({ method: 'GET', business, segment: key(id), query }, request, customerIn);
  }

  override updateCustomer(
    business: string,
    id: string,
    changes: BookingCustomerChanges,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    const body = customerBody(changes, this.options.addressSchema);
    const asked = { method: 'PATCH', business, segment: key(id), body } as const;
    return this.#ask(asked, request, customerIn);
  }

  override deleteCustomer(
    business: string,
    id: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#ask({ method: 'DELETE', business, segment: key(id) }, request, deleted);
  }

  override unavailable(): Promise<string | undefined> {
    return this.options.credential.unavailable();
  }

  override async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.options.credential.close()]);
  }

  /** Waits for a place at the business's mailbox, sends, gives the place back and reads the answer. */
  async #ask<T>(
    asked: Asked,
    request: UpstreamRequest,
    read: (sent: Sent, request: UpstreamRequest) => T,
  ): Promise<T> {
    const { credential, attemptTimeoutMs } = this.options;
    const token = await withDeadline(request, credential.token(request));
    const wire = this.#wire(asked, request, token);
    const arrivedMs = performance.now();
    const worthwhileUntilMs =
      request.deadlineAtMs - attemptReserveMs(request.deadlineAtMs - arrivedMs);
    const leave = await this.#gate.enter(asked.business, {
      caller: request.caller.appId,
      signal: request.signal,
      deadlineAtMs: worthwhileUntilMs,
    });
    const admittedMs = performance.now();
    request.trace.queuedMs = admittedMs - arrivedMs;
    request.trace.startedAtMs = admittedMs;
    let sent: Sent;
    try {
      const { maxBodyBytes = MAX_ANSWER_BYTES } = asked;
      const limits = { attemptTimeoutMs, maxBodyBytes, worthwhileUntilMs };
      sent = await send(this.#pool, wire, request, limits);
    } finally {
      request.trace.upstreamMs = performance.now() - admittedMs;
      leave();
    }
    if (sent.answer.status === 401) credential.forget(token);
    return read(sent, request);
  }

  #wire(asked: Asked, request: UpstreamRequest, token: string): WireRequest {
    const { method, business, segment = '', query = '', body, accept } = asked;
    const customers = `${this.#basePath}/solutions/bookingBusinesses${key(business)}/customers`;
    const path = `${customers}${segment}${query === '' ? '' : `?${query}`}`;
    const headers = forwardedHeaders(request, token, body !== undefined);
    if (accept !== undefined) headers['accept'] = accept;
    return body === undefined ? { method, path, headers } : { method, path, headers, body };
  }
}

/** An id as one segment of a path. */
function key(id: string): string {
  return `/${encodedSegment(id)}`;
}
