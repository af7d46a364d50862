/**
 * The errors that the proxy coins: code, HTTP status, and when. Graph's own errors pass through
 * with whatever code they have.
 */
export const ERROR_CODES = {
  BadRequest: {
    status: 400,
    when: 'the body is not JSON or breaks a rule (`details` has the first 100 violations, the message says how many there are), a header or the URL is malformed',
  },
  InvalidAuthenticationToken: { status: 401, when: 'no token, or one that does not verify' },
  Authorization_RequestDenied: {
    status: 403,
    when: 'a permission is missing, the account is personal, or the tenant or the business is not allowed',
  },
  ResourceNotFound: { status: 404, when: 'nothing has this path' },
  Request_BadRequest: {
    status: 405,
    when: 'the path is known, the method is not; `Allow` names those that are',
  },
  RequestTimeout: { status: 408, when: 'the request did not arrive within 30 s' },
  IdempotencyKeyInUse: {
    status: 409,
    when: 'a create with this `Idempotency-Key`, or with the same customer for this business, is under way; `Retry-After` says when to ask again',
  },
  RequestEntityTooLarge: {
    status: 413,
    when: 'the body is larger than `BODY_LIMIT_BYTES`; in a batch also: its other answers leave no room for the one to this request, which must be asked for alone',
  },
  UnsupportedMediaType: { status: 415, when: 'the body is not declared as JSON in UTF-8' },
  IdempotencyKeyReused: {
    status: 422,
    when: 'this `Idempotency-Key` was sent before with another body',
  },
  FailedDependency: {
    status: 424,
    when: 'in a batch: a request that this one depends on has failed',
  },
  TooManyRequests: {
    status: 429,
    when: 'too many requests wait for this business; `Retry-After` says when to come again',
  },
  RequestHeaderFieldsTooLarge: {
    status: 431,
    when: 'the request line and headers are over 16 KiB, or more than 100; in a batch those of one of its requests',
  },
  InternalServerError: { status: 500, when: 'a fault of the proxy; the cause is in its log alone' },
  BadGateway: {
    status: 502,
    when: 'Graph is unreachable or unintelligible, or refuses the proxy itself',
  },
  ServiceUnavailable: {
    status: 503,
    when: 'the proxy cannot serve now; `Retry-After` says when to come again',
  },
  GatewayTimeout: {
    status: 504,
    when: 'the deadline passed, or Graph did not answer within one attempt',
  },
} as const satisfies Record<string, { status: number; when: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a write surely did not happen at Graph, or nobody can know. */
export type Outcome = 'not-sent' | 'unknown';

/** One entry of `error.details`. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

export interface GraphErrorOptions {
  readonly details?: readonly ErrorDetail[];
  readonly outcome?: Outcome | undefined;
  /** Graph's `request-id`, when Graph answered and the error is ours all the same. */
  readonly requestId?: string | undefined;
  /** Response headers that belong to the error, such as `Retry-After`, `Allow`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Never shown to the caller; for the log. */
  readonly cause?: unknown;
}

/** What an error's `innerError` says of its request. */
export interface ErrorContext {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Of the write that failed; a read has none. */
  readonly outcome?: Outcome | undefined;
}

/** What Graph said when the error is Graph's own. */
export interface GraphAnswered {
  readonly status: number;
  readonly innerError: Readonly<Record<string, unknown>>;
}

/** Any error that a caller may see, in Graph's shape whoever coined it. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly outcome: Outcome | undefined;
  /** Graph's `request-id`; undefined when Graph did not answer, or without one. */
  readonly requestId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /** An error of the proxy's own. `message` is for callers: no personal data, no secrets. */
  constructor(code: ErrorCode, message: string, options?: GraphErrorOptions);
  /** An error that Graph answered: `code` as Graph sent it, even when empty. */
  constructor(code: string, message: string, options: GraphErrorOptions, answered: GraphAnswered);
  constructor(
    readonly code: string,
    message: string,
    options: GraphErrorOptions = {},
    readonly answered?: GraphAnswered,
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = answered?.status ?? statusOf(code);
    this.details = options.details;
    this.outcome = options.outcome;
    this.requestId = options.requestId;
    this.headers = options.headers ?? {};
  }

  /** The code as a log may hold it: Graph's are words, and what is none could be anything. */
  get loggableCode(): string {
    return /^[\w.-]{0,64}$/.test(this.code) ? this.code : 'unreadable';
  }

  /** The body in Graph's shape; what Graph itself said of the request wins over `context`. */
  toBody(context: ErrorContext, now = new Date()): GraphErrorBody {
    const { outcome } = context;
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(this.details && { details: this.details }),
        innerError: {
          date: now.toISOString().slice(0, 19),
          'request-id': context.requestId,
          'client-request-id': context.clientRequestId,
          ...this.answered?.innerError,
          ...(!this.answered && { origin: 'proxy' }),
          ...(outcome && { outcome }),
        },
      },
    };
  }
}

/** Graph's error envelope. `date` is UTC without a zone, as Graph writes it. */
export interface GraphErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly ErrorDetail[];
    readonly innerError: Readonly<Record<string, unknown>>;
  };
}

const STATUSES: ReadonlyMap<string, number> = new Map(
  Object.entries(ERROR_CODES).map(([code, { status }]) => [code, status]),
);

function statusOf(code: string): number {
  const status = STATUSES.get(code);
  if (status === undefined) throw new TypeError(`no status is known for the error code ${code}`);
  return status;
}
