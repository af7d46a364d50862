import { GraphError, isObject } from '@bookings/domain';
import { retryAfterSeconds } from '../transport/retry-after.ts';
import { challengeFor } from '../transport/claims-challenge.ts';

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
}

/** The error for the caller. The request was not sent to Graph. */
export function tokenError(failure: TokenFailure, forUser: boolean): GraphError {
  const cause = new Error(`token endpoint: ${failure.error} ${failure.number ?? ''}`.trim());
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

function interactionRequired({ claims = '' }: TokenFailure, cause: Error): GraphError {
  const message = 'The user must sign in again before the proxy can act on their behalf.';
  const challenge =
    claims === ''
      ? `Bearer error="invalid_token", error_description="${message}"`
      : challengeFor(Buffer.from(claims).toString('base64'));
  const headers = { 'WWW-Authenticate': challenge };
  return new GraphError('InvalidAuthenticationToken', message, { headers, cause });
}

function refusedAssertion(cause: Error): GraphError {
  const message = 'The token cannot be exchanged for an on-behalf-of token. Acquire a new one.';
  return new GraphError('InvalidAuthenticationToken', message, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${message}"` },
    cause,
  });
}

/** Reads an error of `@azure/msal-node` by its properties, because the library is loaded lazily. */
export function failureOf(thrown: unknown): TokenFailure {
  if (!isObject(thrown)) return { error: 'unknown' };
  const { errorCode, errorNo, claims, name, code } = thrown;
  if (name === 'InteractionRequiredAuthError') {
    return { error: 'interaction_required', number: text(errorNo), claims: text(claims) };
  }
  return { error: text(errorCode) ?? text(code) ?? text(name) ?? 'unknown', number: text(errorNo) };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
