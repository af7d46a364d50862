import type {
  BookingCustomer,
  CreatedCustomer,
  UpstreamRequest,
  UpstreamResponse,
} from '@bookings/domain';

/** What became of an idempotent create. */
export const IDEMPOTENT_OUTCOMES = [
  ...(['created', 'adopted', 'replayed', 'in-use', 'reused'] as const),
  ...(['refused', 'not-sent', 'unknown'] as const),
];
export type IdempotentOutcome = (typeof IDEMPOTENT_OUTCOMES)[number];

/** What a search of the customers list for a lost create came to. */
export const LOOKUP_RESULTS = ['found', 'none', 'inconclusive', 'failed'] as const;
export type LookupResult = (typeof LOOKUP_RESULTS)[number];

/** What is audited besides writes. Implementations never reject. */
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

/** What is counted. */
export interface IdempotencyMetrics {
  created(outcome: IdempotentOutcome): void;
  lookedUp(result: LookupResult): void;
  /** A key was taken over from a process that did not finish in time. */
  tookOver(): void;
}

/** A created customer as it was left, and what its caller must know of it. */
export interface EnsuredCustomer {
  readonly answer: UpstreamResponse & { readonly id: string };
  /** Value of `Bookings-Warning`. */
  readonly warning: string | undefined;
}

/** Sees to it that a created customer has the name that it was created with. Never rejects. */
export interface DisplayNames {
  ensure(
    business: string,
    customer: BookingCustomer,
    created: Pick<CreatedCustomer, 'displayName'> & EnsuredCustomer['answer'],
    request: UpstreamRequest,
  ): Promise<EnsuredCustomer>;
}
