import type {
  BookingCustomer,
  CreatedCustomer,
  UpstreamRequest,
  UpstreamResponse,
} from '@bookings/domain';

/** How an idempotent create ended. */
export const IDEMPOTENT_OUTCOMES = [
  'created',
  'adopted',
  'replayed',
  'in-use',
  'reused',
  'refused',
  'not-sent',
  'unknown',
] as const;
export type IdempotentOutcome = (typeof IDEMPOTENT_OUTCOMES)[number];

/** The result of a lookup in the customer list. */
export const LOOKUP_RESULTS = ['found', 'none', 'inconclusive', 'failed'] as const;
export type LookupResult = (typeof LOOKUP_RESULTS)[number];

/** Records lookups and replays. Implementations never reject. */
export interface IdempotencyAudit {
  /** @param id of the customer that was found */
  lookedUp(
    business: string,
    request: UpstreamRequest,
    result: LookupResult,
    id: string | undefined,
  ): Promise<void>;
  /** @param id of the customer in the response */
  replayed(business: string, request: UpstreamRequest, id: string): Promise<void>;
}

export interface IdempotencyMetrics {
  created(outcome: IdempotentOutcome): void;
  lookedUp(result: LookupResult): void;
  /** A request has acquired a key after the lease of another one expired. */
  tookOver(): void;
}

/** Tells an operator. Implementations never throw. */
export interface IdempotencyAlarm {
  /**
   * The stored response of a create cannot be opened, so its caller gets none.
   *
   * @param key the digest of its key, as in the audit
   * @param requestId of the request that gets none
   */
  responseDamaged(key: string, requestId: string): void;
}

/** A created customer after the check of its name. */
export interface EnsuredCustomer {
  readonly response: UpstreamResponse & { readonly id: string };
  /** The value of the header field `Bookings-Warning`. */
  readonly warning: string | undefined;
}

/** Ensures that a created customer has the name that was sent. Implementations never reject. */
export interface DisplayNames {
  ensure(
    business: string,
    customer: BookingCustomer,
    created: Pick<CreatedCustomer, 'displayName'> & EnsuredCustomer['response'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer>;
}
