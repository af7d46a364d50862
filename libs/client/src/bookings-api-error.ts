import type { ErrorCode } from './error-code.ts';

/** An entry of `details`: a violated rule and its property, or the reason of a 403. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  /** Path of the property, such as `addresses[1].type`. */
  readonly target?: string;
}

export interface BookingsApiErrorInit {
  readonly status?: number | undefined;
  readonly code: ErrorCode;
  readonly requestId?: string | undefined;
  readonly clientRequestId: string;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly outcome?: 'not-sent' | 'unknown' | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly cause?: unknown;
}

/** A request that failed, or whose outcome is unknown. */
export class BookingsApiError extends Error {
  override readonly name = 'BookingsApiError';

  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;

  /**
   * `error.code` of Graph or of the proxy. `UnknownError` for a response in another shape,
   * `ConnectionFailed` without a response, and `DeadlineExceeded` without one within `deadlineMs`.
   */
  readonly code: ErrorCode;

  /** Id of the request in the logs of Graph, or of the proxy if Graph did not respond. */
  readonly requestId: string | undefined;

  /** Id of the request in all logs. This client creates it. */
  readonly clientRequestId: string;

  /**
   * The violated rules of a 400, at most a hundred, whose number is in the message; all that is missing
   * of a 403; the reason of some others. Otherwise empty.
   */
  readonly details: readonly ErrorDetail[];

  /** How long to wait before a retry, in seconds; undefined without a Retry-After header. */
  readonly retryAfterSeconds: number | undefined;

  /**
   * The outcome of a write over all its attempts. `unknown`: it may have happened or be in progress,
   * and a retry without `idempotencyKey` may create a second customer. `not-sent`: this call has sent
   * nothing to Graph. An earlier call with the same `idempotencyKey` may have. Undefined for a refusal,
   * which changed nothing.
   */
  readonly outcome: 'not-sent' | 'unknown' | undefined;

  /**
   * The Idempotency-Key of a create. The same create with this key continues where this one ended
   * and makes no second customer. Undefined for other requests.
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
