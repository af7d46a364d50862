/** The proxy's own errors: code, HTTP status and cause. Graph's errors keep their own codes. */
export const ERROR_CODES = {
  BadRequest: {
    status: 400,
    when: 'the body is not JSON or is invalid (`details` has the first 100 violations, the message has their number), or a header or the URL is malformed',
  },
  InvalidAuthenticationToken: {
    status: 401,
    when: 'the token is missing or invalid, or Entra asks the user to sign in again',
  },
  Authorization_RequestDenied: {
    status: 403,
    when: 'a permission is missing, the account is personal, the tenant or the business is not allowed, or Entra refuses the user',
  },
  ResourceNotFound: { status: 404, when: 'no route has this path' },
  Request_BadRequest: {
    status: 405,
    when: 'the path does not support the method; `Allow` has the supported methods',
  },
  RequestTimeout: { status: 408, when: 'the request did not arrive within 30 s' },
  IdempotencyKeyInUse: {
    status: 409,
    when: 'a create with this `Idempotency-Key`, or with the same customer for this business, is in progress; retry after `Retry-After`',
  },
  RequestEntityTooLarge: {
    status: 413,
    when: 'the body is larger than `BODY_LIMIT_BYTES`; in a batch also when the other responses leave no room for this one, so send the request alone',
  },
  UnsupportedMediaType: { status: 415, when: 'the `Content-Type` is not JSON in UTF-8' },
  IdempotencyKeyReused: {
    status: 422,
    when: 'an earlier request had this `Idempotency-Key` and another body',
  },
  FailedDependency: {
    status: 424,
    when: 'in a batch: a request in `dependsOn` failed',
  },
  TooManyRequests: {
    status: 429,
    when: 'too many requests wait for this business, no time is left for this one, or Graph has asked for a pause; retry after `Retry-After`',
  },
  RequestHeaderFieldsTooLarge: {
    status: 431,
    when: 'the request line and headers exceed 16 KiB, or there are more than 100 headers; in a batch also for one of its requests',
  },
  InternalServerError: { status: 500, when: 'the proxy failed; only its log has the cause' },
  BadGateway: {
    status: 502,
    when: 'Graph is unreachable, sends an invalid response, or refuses the credential of the proxy',
  },
  ServiceUnavailable: {
    status: 503,
    when: 'the proxy is temporarily unavailable; retry after `Retry-After`',
  },
  GatewayTimeout: {
    status: 504,
    when: 'the deadline passed, or Graph did not answer an attempt in time',
  },
} as const satisfies Record<string, { status: number; when: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** `not-sent`: Graph did not receive the write. `unknown`: Graph may have carried it out. */
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
  /** Graph's `request-id`, for an error of the proxy about a response of Graph. */
  readonly requestId?: string | undefined;
  /** Response headers of the error, such as `Retry-After`, `Allow`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which rule a token broke. For the log only: a word of ours, and nothing of the token. */
  readonly rule?: string | undefined;
  /** The number of Entra's error (AADSTS) when it refused a token. For the log only. */
  readonly aadsts?: number | undefined;
  /** For the log only; never part of the response. */
  readonly cause?: unknown;
}

/** The request's part of `innerError`. */
export interface ErrorContext {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Set for a failed write only. */
  readonly outcome?: Outcome | undefined;
}

/** Marks an error that Graph returned, and has its status and `innerError`. */
export interface GraphErrorOrigin {
  readonly status: number;
  readonly innerError: Readonly<Record<string, unknown>>;
}

/** An error response, in Graph's shape. It comes from Graph or from the proxy. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: string;
  readonly graphOrigin?: GraphErrorOrigin;
  readonly status: number;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly outcome: Outcome | undefined;
  /** Graph's `request-id`, if Graph answered with one. */
  readonly requestId: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Which rule a token broke. For the log only. */
  readonly rule: string | undefined;
  /** The number of Entra's error when it refused a token, also of an error that caused this one. */
  readonly aadsts: number | undefined;

  /** An error of the proxy. `message` is for callers: no personal data, no secrets. */
  constructor(code: ErrorCode, message: string, options?: GraphErrorOptions);
  /** An error that Graph returned. `code` stays as Graph sent it, even if it is empty. */
  constructor(
    code: string,
    message: string,
    options: GraphErrorOptions,
    graphOrigin: GraphErrorOrigin,
  );
  constructor(
    code: string,
    message: string,
    options: GraphErrorOptions = {},
    graphOrigin?: GraphErrorOrigin,
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (graphOrigin) this.graphOrigin = graphOrigin;
    this.status = graphOrigin?.status ?? statusOf(code);
    this.details = options.details;
    this.outcome = options.outcome;
    this.requestId = options.requestId;
    this.headers = options.headers ?? {};
    this.rule = options.rule;
    const { cause, aadsts } = options;
    this.aadsts = aadsts ?? (cause instanceof GraphError ? cause.aadsts : undefined);
  }

  /** The code for logs. Graph's codes are words; anything else may be personal data. */
  get loggableCode(): string {
    return /^[\w.-]{0,64}$/.test(this.code) ? this.code : 'unreadable';
  }

  /** The body in Graph's shape. Graph's own `innerError` takes precedence over `context`. */
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
          ...this.graphOrigin?.innerError,
          ...(!this.graphOrigin && { origin: 'proxy' }),
          ...(outcome && { outcome }),
        },
      },
    };
  }
}

/** Graph's error envelope. `date` is UTC without a zone, as in Graph's errors. */
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
  if (status === undefined) throw new TypeError(`Unknown error code: ${code}`);
  return status;
}
