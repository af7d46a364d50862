import { performance } from 'node:perf_hooks';
import {
  BookingsGateway,
  type BookingCustomer,
  type BookingCustomerChanges,
  type CreatedCustomer,
  MAX_RESPONSE_BYTES,
  MAX_PAGE_BYTES,
  RunningWork,
  type UpstreamResponse,
  type UpstreamRequest,
  type WriteInterceptor,
  type WriteResponse,
  isWrite,
} from '@bookings/domain';
import { attemptReserveMs } from './retry/retry-rule.ts';
import { type AddressSchema, customerBody } from './customer-body.ts';
import {
  type Read,
  readCount,
  readCreatedCustomer,
  readCustomer,
  readDeleted,
  readPage,
  readUpdatedCustomer,
} from './transport/graph-response.ts';
import type { GraphCredential } from './credentials/graph-credential.ts';
import { type GraphRequest, wireRequest } from './graph-request.ts';
import { memberCheck } from './member-check.ts';
import { ELAPSED_TIME } from './mailbox-limiter/clock.ts';
import { MailboxLimiter } from './mailbox-limiter/mailbox-limiter.ts';
import type { MailboxOptions } from './mailbox-limiter/mailbox.ts';
import { FixedPermits, type PermitSource } from './mailbox-limiter/permits.ts';
import type { Occupancy } from './mailbox-limiter/place.ts';
import { withDeadline } from './transport/deadline.ts';
import { openPool } from './transport/pool.ts';
import { RepeatBudget } from './retry/repeat-budget.ts';
import { type Upstream, send } from './retry/send.ts';
import { NO_EVENTS, type UpstreamEvents } from './upstream-events.ts';

export interface GraphClientOptions {
  /** Such as `https://graph.microsoft.com/v1.0`. */
  readonly baseUrl: string;
  readonly credential: GraphCredential;
  /** Timeout of one attempt, from the wait for a connection to the last byte of the response. */
  readonly attemptTimeoutMs: number;
  readonly mailbox: MailboxOptions;
  /** Permits that replicas share. Without them this process alone sends requests. */
  readonly permits?: PermitSource | undefined;
  readonly addressSchema: AddressSchema;
  /** Wraps every write, from the wait for a token to the parsed response. */
  readonly writeInterceptor?: WriteInterceptor;
  readonly events?: UpstreamEvents;
}

/** The only code that calls Microsoft Graph. */
export class GraphClient extends BookingsGateway {
  readonly #basePath: string;
  /** The base URL with a slash at its end. */
  readonly #upstreamUrl: string;
  readonly #upstream: Upstream;
  readonly #permits: PermitSource;

  constructor(private readonly options: GraphClientOptions) {
    super();
    const { origin, pathname } = new URL(options.baseUrl);
    this.#basePath = pathname.replace(/\/+$/, '');
    this.#upstreamUrl = `${options.baseUrl.replace(/\/+$/, '')}/`;
    const { events = NO_EVENTS, mailbox } = options;
    this.#permits = options.permits ?? new FixedPermits(mailbox.concurrency);
    this.#upstream = {
      dispatcher: openPool(origin, options.attemptTimeoutMs),
      limiter: new MailboxLimiter(mailbox, events, ELAPSED_TIME, this.#permits),
      budget: new RepeatBudget(),
      running: new RunningWork(),
      events,
    };
  }

  /** What the mailboxes hold now. */
  occupancy(): Occupancy {
    return this.#upstream.limiter.occupancy();
  }

  override createCustomer(
    business: string,
    customer: BookingCustomer,
    request: UpstreamRequest,
  ): Promise<CreatedCustomer> {
    const body = customerBody(customer, this.options.addressSchema);
    return this.#request(
      { operation: 'createCustomer', business, body },
      request,
      readCreatedCustomer,
    );
  }

  override listCustomers(
    business: string,
    query: string,
    collectionUrl: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    const targets = { upstreamUrl: this.#upstreamUrl, business, collectionUrl };
    return this.#request(
      { operation: 'listCustomers', business, query, maxBodyBytes: MAX_PAGE_BYTES },
      request,
      (sent, _request, seen) => readPage(sent, request, targets, seen),
    );
  }

  override countCustomers(
    business: string,
    query: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#request(
      { operation: 'countCustomers', business, query, accept: 'text/plain' },
      request,
      readCount,
    );
  }

  override getCustomer(
    business: string,
    customer: string,
    query: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#request(
      { operation: 'getCustomer', business, customer, query },
      request,
      readCustomer,
    );
  }

  override updateCustomer(
    business: string,
    customer: string,
    changes: BookingCustomerChanges,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    const body = customerBody(changes, this.options.addressSchema);
    const update = { operation: 'updateCustomer', business, customer, body } as const;
    return this.#request(update, request, readUpdatedCustomer);
  }

  override deleteCustomer(
    business: string,
    customer: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse> {
    return this.#request({ operation: 'deleteCustomer', business, customer }, request, readDeleted);
  }

  override unavailable(): Promise<string | undefined> {
    return this.options.credential.unavailable();
  }

  override whenIdle(): Promise<void> {
    return this.#upstream.running.whenIdle();
  }

  override async close(): Promise<void> {
    await this.#upstream.dispatcher.destroy();
    // Each place is told how its attempt ended. A permit counts until then.
    await this.whenIdle();
    await this.#permits.close();
    await this.options.credential.close();
  }

  #request<T extends WriteResponse>(
    graphRequest: GraphRequest,
    request: UpstreamRequest,
    read: Read<T>,
  ): Promise<T> {
    const { operation, business, customer } = graphRequest;
    const { writeInterceptor } = this.options;
    const send = () => this.#send(graphRequest, request, read);
    return isWrite(operation) && writeInterceptor
      ? writeInterceptor.intercept({ operation, business, customer }, request, send)
      : send();
  }

  async #send<T>(graphRequest: GraphRequest, request: UpstreamRequest, read: Read<T>): Promise<T> {
    const { credential, attemptTimeoutMs } = this.options;
    const budgetMs = request.deadlineAtMs - performance.now();
    const lastStartAtMs = request.deadlineAtMs - attemptReserveMs(budgetMs);
    const token = await withDeadline(request, credential.token(request));
    const { maxBodyBytes = MAX_RESPONSE_BYTES, business } = graphRequest;
    const wire = wireRequest(graphRequest, request, token, this.#basePath);
    const limits = { attemptTimeoutMs, maxBodyBytes, lastStartAtMs };
    const result = await send(this.#upstream, business, wire, request, limits);
    if (result.response.status === 401) credential.forget(token);
    return read(result, request, memberCheck(graphRequest, this.options.events ?? NO_EVENTS));
  }
}
