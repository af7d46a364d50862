import type { BookingCustomer, BookingCustomerChanges } from './model/booking-customer.ts';
import type { Caller } from './caller.ts';
import type { RequestSpans } from './request-spans.ts';

/** The context of one upstream request. */
export interface UpstreamRequest {
  readonly caller: Caller;
  /** The caller's verified token, for the on-behalf-of exchange. It is never sent to Graph. */
  readonly callerToken: string;
  /** The proxy's own id. It is not forwarded. */
  readonly requestId: string;
  readonly clientRequestId: string;
  /**
   * Forwarded headers, with lower-case names: `accept`, `if-match`, `if-none-match`, `prefer`,
   * `traceparent`, `tracestate`.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The deadline of the whole request, in milliseconds of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Awaited right before each attempt. If it rejects, the request fails with its reason. */
  readonly beforeAttempt?: () => Promise<void>;
  /** Digest of the Idempotency-Key, if there is one; for the audit. */
  readonly keyDigest?: string;
  /** Filled in while the request runs, also when it fails; for the log and `Server-Timing`. */
  readonly trace: UpstreamTrace;
  /** The id of the trace that the request belongs to, for the audit. */
  readonly traceId?: string | undefined;
  /** Undefined when traces are not exported. */
  readonly spans?: RequestSpans | undefined;
}

/** Timings of an upstream request. */
export interface UpstreamTrace {
  attempts: number;
  /** The wait for the mailbox limiter. */
  queuedMs: number;
  /** Start of the first attempt, in milliseconds of `performance.now()`. */
  startedAtMs?: number;
  /** From the first attempt to the last response, pauses included. */
  upstreamMs: number;
}

/** Graph's response, with the bytes of its body unchanged. */
export interface UpstreamResponse {
  /** 200, 201, 204 or 304. The last two have no body. */
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  /** Response headers that are sent on to callers: `ETag`, `Preference-Applied`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Graph's `request-id`. */
  readonly requestId: string | undefined;
  /** Graph's `Date` header. */
  readonly date: string | undefined;
}

/** The response to a create. */
export interface CreatedCustomer extends UpstreamResponse {
  readonly id: string;
  /** As Graph stored it; undefined when the response does not have it. */
  readonly displayName: string | undefined;
}

/**
 * The port to Microsoft Graph. It is an abstract class, so that it serves as an injection token.
 * Ids are opaque and decoded; `query` comes from `readQueryOptions`. Methods throw GraphError. For a
 * write, every GraphError with a 5xx status has an outcome.
 */
export abstract class BookingsGateway {
  abstract createCustomer(
    business: string,
    customer: BookingCustomer,
    request: UpstreamRequest,
  ): Promise<CreatedCustomer>;

  /**
   * One page of a business's customers.
   *
   * @param collectionUrl the collection's URL at the proxy; Graph's page links are rewritten to it
   */
  abstract listCustomers(
    business: string,
    query: string,
    collectionUrl: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  /** The number of customers, as text. */
  abstract countCustomers(
    business: string,
    query: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  abstract getCustomer(
    business: string,
    id: string,
    query: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  abstract updateCustomer(
    business: string,
    id: string,
    changes: BookingCustomerChanges,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  /** A 404 after an attempt with an unknown outcome also counts as success. */
  abstract deleteCustomer(
    business: string,
    id: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  /** @returns undefined when requests can be sent, or the reason why not, for `/readyz` */
  abstract unavailable(): Promise<string | undefined>;

  /** Resolves when no attempt at Graph is running, including those that no caller waits for. */
  abstract whenIdle(): Promise<void>;

  /** Aborts the attempts that still run, then closes connections and timers. */
  abstract close(): Promise<void>;
}
