/** In bytes, of one customer or one error: more is no answer of Graph's. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** In bytes, of a page of customers. */
export const MAX_PAGE_BYTES = 8 * MAX_ANSWER_BYTES;
