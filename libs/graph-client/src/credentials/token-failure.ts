import { type ConnectionFault, GraphError, isObject } from '@bookings/domain';
import { challengeFor } from '../transport/claims-challenge.ts';
import { retryAfterSeconds } from '../transport/retry-after.ts';

/** Why a token acquisition failed: an error of the endpoint, the connection or the library. */
export interface TokenFailure {
  /** OAuth's `error` or a similar code. Never a description, because it may name users. */
  readonly error: string;
  /** Entra's error number, such as 7000215. */
  readonly number?: string | undefined;
  /** The claims request for a user who must sign in again, as JSON. */
  readonly claims?: string | undefined;
  /** Set when a later attempt may succeed. */
  readonly retryDelayMs?: number | undefined;
  /** Why there was no answer. Its `reason` says more than `error`. */
  readonly connection?: ConnectionFault | undefined;
}

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

/** The error for the caller. The request was not sent to Graph. */
export function tokenError(failure: TokenFailure, forUser: boolean): GraphError {
  const cause = new TokenFailed(failure);
  if (failure.retryDelayMs !== undefined) {
    const message = 'Tokens for Graph are temporarily unavailable.';
    return new GraphError('ServiceUnavailable', message, {
      outcome: 'not-sent',
      headers: { 'Retry-After': retryAfterSeconds(failure.retryDelayMs) },
      cause,
    });
  }
  if (forUser && failure.error === 'interaction_required')
    return interactionRequired(failure, cause);
  if (forUser && failure.error === 'invalid_grant') return refusedAssertion(cause);
  return new GraphError('BadGateway', 'The proxy could not obtain a token for Graph.', {
    outcome: 'not-sent',
    cause,
  });
}

/** Whether the failure is about the proxy's identity, so that an operator must act. */
export function isProxyFault(error: unknown): boolean {
  return error instanceof GraphError && error.code === 'BadGateway';
}

function interactionRequired({ claims = '' }: TokenFailure, cause: TokenFailed): GraphError {
  const message = 'The user must sign in again before the proxy can act on their behalf.';
  const challenge =
    claims === ''
      ? `Bearer error="invalid_token", error_description="${message}"`
      : challengeFor(Buffer.from(claims).toString('base64'));
  const headers = { 'WWW-Authenticate': challenge };
  const rule = ruleOf(cause);
  return new GraphError('InvalidAuthenticationToken', message, { headers, rule, cause });
}

function refusedAssertion(cause: TokenFailed): GraphError {
  const message = 'The token cannot be exchanged for an on-behalf-of token. Acquire a new one.';
  return new GraphError('InvalidAuthenticationToken', message, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${message}"` },
    rule: ruleOf(cause),
    cause,
  });
}

/** The refusal by Entra, for the log line of a 401. */
function ruleOf({ failure }: TokenFailed): string {
  return `on-behalf-of: ${reasonOf(failure)}`;
}

/** An endpoint could repeat a secret in `error`, and `/readyz` shows it. */
const CODE = /^[\w.-]{1,64}$/;

/** Reads an error of `@azure/msal-node` by its properties, because the library is loaded lazily. */
export function failureOf(thrown: unknown): TokenFailure {
  if (thrown instanceof AuthenticationUnreadable) return { error: thrown.message };
  if (!isObject(thrown)) return { error: 'unknown' };
  const { errorCode, errorNo, claims, name, code } = thrown;
  if (name === 'InteractionRequiredAuthError') {
    return { error: 'interaction_required', number: text(errorNo), claims: text(claims) };
  }
  const error = text(errorCode) ?? text(code) ?? text(name) ?? 'unknown';
  return { error: CODE.test(error) ? error : 'unreadable', number: text(errorNo) };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
