/** The largest response with one customer or one error. */
export const MAX_RESPONSE_BYTES = 1_048_576;

/** The largest page of customers. */
export const MAX_PAGE_BYTES = 8 * MAX_RESPONSE_BYTES;
