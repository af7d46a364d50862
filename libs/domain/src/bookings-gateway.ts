import type { BookingCustomer, BookingCustomerChanges } from './model/booking-customer.ts';
import type { Caller } from './permissions.ts';

/** What a request brings along on its way up. */
export interface UpstreamRequest {
  readonly caller: Caller;
  /** The caller's verified token, for going up on the user's behalf; it never reaches Graph. */
  readonly callerToken: string;
  /** The proxy's own; Graph never sees it. */
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Caller headers that Graph may see, lower-case names: `accept`, `if-match`, `if-none-match`, `prefer`, `traceparent`. */
  readonly headers: Readonly<Record<string, string>>;
  /** When everything must be over, in milliseconds of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /**
   * Awaited right before each attempt; when it rejects, that attempt is not made and the request ends
   * with its reason.
   */
  readonly beforeAttempt?: () => Promise<void>;
  /** Digest of the caller's Idempotency-Key, where it sent one; for the audit. */
  readonly keyDigest?: string;
  /** Filled in on the way, also when the request fails; for the log and `Server-Timing`. */
  readonly trace: UpstreamTrace;
}

/** How a request fared upstream. */
export interface UpstreamTrace {
  attempts: number;
  /** Waiting for a place in the mailbox's queue. */
  queuedMs: number;
  /** When the first attempt began, in milliseconds of `performance.now()`. */
  startedAtMs?: number;
  /** From the first attempt to the last answer, pauses included. */
  upstreamMs: number;
}

/** What Graph answered: its bytes, not our reading of them. */
export interface UpstreamResponse {
  /** 200 or 201; 204 and 304 have no body. */
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  /** What else of Graph's header fields callers may see: `ETag`, `Preference-Applied`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Graph's `request-id`, if it sent one. */
  readonly requestId: string | undefined;
  /** Graph's clock when it answered, as its `Date` header field has it, if it told. */
  readonly date: string | undefined;
}

/** A customer that was created. */
export interface CreatedCustomer extends UpstreamResponse {
  readonly id: string;
  /** As it was stored; undefined when the answer does not say. */
  readonly displayName: string | undefined;
}

/**
 * What stands behind the proxy. An abstract class, so that it is type and injection token in one.
 * Businesses and customers are named by decoded, opaque ids; `query` is what `readQueryOptions`
 * gives. Methods throw GraphError, and for a write every such error of status 5xx says its outcome.
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
   * @param collectionUrl where callers find the collection: Graph's links to other pages are turned
   *   into links to there
   */
  abstract listCustomers(
    business: string,
    query: string,
    collectionUrl: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  /** How many customers there are, as text. */
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

  /** Also succeeds when a repeated delete finds nothing, where an earlier one may have been it. */
  abstract deleteCustomer(
    business: string,
    id: string,
    request: UpstreamRequest,
  ): Promise<UpstreamResponse>;

  /** Undefined when requests can be sent, else the reason why not, fit for `/readyz`. */
  abstract unavailable(): Promise<string | undefined>;

  /** Ends idle connections and timers; requests under way are over by then. */
  abstract close(): Promise<void>;
}
