export interface RequestOptions {
  /**
   * Gives the request up. What is thrown then is the signal's reason; a write may have happened all
   * the same. Without a signal a request ends when the proxy answers, by its own deadline.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions extends RequestOptions {
  /** `If-Match`: the entity tag that the customer must still have; otherwise the answer is 412. */
  readonly ifMatch?: string | undefined;
}

export interface CountOptions extends RequestOptions {
  /** OData, such as `microsoft.graph.bookingCustomer/emailAddress eq 'jonis@relecloud.com'`. */
  readonly filter?: string | undefined;
  /** OData. */
  readonly search?: string | undefined;
}

export interface ListOptions extends CountOptions {
  /** Customers per page. */
  readonly top?: number | undefined;
  /** Customers to leave out at the beginning. */
  readonly skip?: number | undefined;
  /** OData, such as `displayName desc`. */
  readonly orderby?: string | undefined;
}

const NAMES = ['filter', 'search', 'top', 'skip', 'orderby'] as const;

/**
 * OData's query options with their question mark; empty when there are none. A value can neither
 * add an option nor end the query.
 *
 * @throws TypeError for a `top` or `skip` that is no count, and for text that no URL can hold
 */
export function queryOf(options: ListOptions): string {
  const parts = NAMES.flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new TypeError(`${name} must be a whole number from 0 up`);
    }
    const text = String(value);
    if (!text.isWellFormed()) throw new TypeError(`${name} must be well-formed Unicode`);
    return [`$${name}=${encodeURIComponent(text)}`];
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
