import { type ConnectionFault, GraphError, isObject } from '@bookings/domain';

/** Why a token acquisition failed: an error of the endpoint, the connection or the library. */
export interface TokenFailure {
  /** OAuth's `error` or a similar code. Never a description, because it may name users. */
  readonly error: string;
  /** Entra's error number, such as 7000215. */
  readonly number?: number | undefined;
  /** The claims request for a user who must sign in again, as JSON. */
  readonly claims?: string | undefined;
  /** Set when a later attempt may succeed. */
  readonly retryDelayMs?: number | undefined;
  /** Whether the endpoint did not say how long, so that repeated failures make it longer. */
  readonly isDelayGuessed?: boolean;
  /** Why there was no answer. Its `reason` says more than `error`. */
  readonly connection?: ConnectionFault | undefined;
}

/** What an error response of the token endpoint says besides its `error`. */
export type TokenRefusal = Pick<TokenFailure, 'number' | 'claims'>;

/** Why there is no token, in words for a log. The cause of the error that callers get. */
export class TokenFailed extends Error {
  override readonly name = 'TokenFailed';

  constructor(readonly failure: TokenFailure) {
    super(`token endpoint: ${reasonOf(failure)}`);
  }
}

/** In words for logs and `/readyz`: a code, a number or a reason, never a description. */
export function reasonOf({ error, number, connection }: TokenFailure): string {
  if (connection) return connection.reason;
  return number === undefined ? error : `${error} ${number}`;
}

/** The failure behind an error of this credential, which a backoff may have wrapped once more. */
export function tokenFailureIn(error: unknown): TokenFailure | undefined {
  if (error instanceof TokenFailed) return error.failure;
  return error instanceof GraphError ? tokenFailureIn(error.cause) : undefined;
}

/** The file with the proof of identity cannot be used. `message` says which and why. */
export class AuthenticationUnreadable extends Error {
  override readonly name = 'AuthenticationUnreadable';
}

/** An endpoint could repeat a secret in `error`, and `/readyz` shows it. */
const CODE = /^[\w.-]{1,64}$/;

/** Reads an error of `@azure/msal-node` by its properties, because the library is loaded lazily. */
export function failureOf(thrown: unknown): TokenFailure {
  if (thrown instanceof AuthenticationUnreadable) return { error: thrown.message };
  if (!isObject(thrown)) return { error: 'unknown' };
  const { errorCode, name, code } = thrown;
  if (name === 'InteractionRequiredAuthError') return { error: 'interaction_required' };
  const error = text(errorCode) ?? text(code) ?? text(name) ?? 'unknown';
  return { error: CODE.test(error) ? error : 'unreadable' };
}

/**
 * Reads the body of an error response. The library keeps the claims of some errors only.
 *
 * @param body parsed JSON, of the form on Microsoft's page about error codes
 */
export function refusalIn(body: unknown): TokenRefusal {
  if (!isObject(body)) return {};
  const { error_codes: numbers, claims } = body;
  const [first] = Array.isArray(numbers) ? numbers.map(Number) : [];
  const isNumber = Number.isSafeInteger(first) && Number(first) > 0;
  return { number: isNumber ? first : undefined, claims: text(claims) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
