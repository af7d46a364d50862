import type { BookingCustomer } from './booking-customer.ts';
import type { Caller } from './permissions.ts';

/** What a request brings along on its way up. */
export interface UpstreamRequest {
  readonly caller: Caller;
  /** The caller's verified token, for going up on the user's behalf; it never reaches Graph. */
  readonly callerToken: string;
  readonly clientRequestId: string;
  /** Caller headers that Graph may see, lower-case names: `accept`, `if-match`, `prefer`, `traceparent`. */
  readonly headers: Readonly<Record<string, string>>;
  /** When everything must be over, in milliseconds of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Aborts when the caller goes away. */
  readonly departed: AbortSignal;
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

/** A created customer as Graph answered it: its bytes, not our reading of them. */
export interface UpstreamAnswer {
  readonly id: string;
  readonly body: Buffer;
  readonly contentType: string;
  /** Graph's `request-id`, if it sent one. */
  readonly requestId: string | undefined;
}

/**
 * What stands behind the proxy. An abstract class, so that it is type and injection token in one.
 * Methods throw GraphError, and for a write every such error of status 5xx says its outcome.
 */
export abstract class BookingsUpstream {
  /** @param business the booking mailbox's address or id, decoded; opaque */
  abstract createCustomer(
    business: string,
    customer: BookingCustomer,
    request: UpstreamRequest,
  ): Promise<UpstreamAnswer>;

  /** Undefined when requests can be sent, else the reason why not, fit for `/readyz`. */
  abstract unavailable(): Promise<string | undefined>;

  /** Ends idle connections and timers; requests under way are over by then. */
  abstract close(): Promise<void>;
}
