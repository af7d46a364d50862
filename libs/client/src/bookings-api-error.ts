/** One entry of `details`: a broken rule and where it was broken, or what is missing for a 403. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  /** Path of the property, such as `addresses[1].type`. */
  readonly target?: string;
}

export interface BookingsApiErrorInit {
  readonly status?: number | undefined;
  readonly code: string;
  readonly requestId?: string | undefined;
  readonly clientRequestId: string;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly outcome?: 'not-sent' | 'unknown' | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly cause?: unknown;
}

/** The Bookings API did not do what was asked, or nobody can know whether it did. */
export class BookingsApiError extends Error {
  override readonly name = 'BookingsApiError';

  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;

  /**
   * What to branch on: Graph's or the proxy's `error.code`, `UnknownError` for an answer that is
   * not in their shape, `ConnectionFailed` when none came, `DeadlineExceeded` when none came within
   * `deadlineMs`.
   */
  readonly code: string;

  /** Names the request in the logs of the proxy, or of Graph where Graph answered. */
  readonly requestId: string | undefined;

  /** Names the request in every log; made by this client. */
  readonly clientRequestId: string;

  /**
   * The broken rules of a request that was refused with 400, a hundred at most: the message says how
   * many there are. Empty for other errors.
   */
  readonly details: readonly ErrorDetail[];

  /** How long to wait before asking again, in seconds; undefined when the answer does not say. */
  readonly retryAfterSeconds: number | undefined;

  /**
   * Of a write, with everything that was sent for it. `unknown`: it may have happened all the same,
   * or be under way; asking again may create a second customer, but with `idempotencyKey`.
   * `not-sent`: it surely did not. Undefined for a refusal, which changed nothing.
   */
  readonly outcome: 'not-sent' | 'unknown' | undefined;

  /**
   * What a create was sent with, whatever became of it: the same create with this key goes on where
   * this one ended, and makes no second customer. Undefined for all else.
   */
  readonly idempotencyKey: string | undefined;

  constructor(message: string, init: BookingsApiErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId;
    this.clientRequestId = init.clientRequestId;
    this.details = init.details ?? [];
    this.retryAfterSeconds = init.retryAfterSeconds;
    this.outcome = init.outcome;
    this.idempotencyKey = init.idempotencyKey;
  }
}
