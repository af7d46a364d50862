import { GraphError, isObject } from '@bookings/domain';
import { retryAfterSeconds } from '../retry/retry-after.ts';
import { challengeFor } from './claims-challenge.ts';

/** Why there is no token: what the endpoint, the way to it, or the library said. */
export interface TokenFailure {
  /** OAuth's `error`, or a word of ours or the library's; never a description, which may name users. */
  readonly error: string;
  /** Number of Entra's, such as 7000215. */
  readonly number?: string | undefined;
  /** Claims request of a user who must sign in again, as JSON. */
  readonly claims?: string | undefined;
  /** Set when asking later may help. */
  readonly waitMs?: number | undefined;
}

/** What the caller is told when there is no token. Nothing was sent to Graph. */
export function withoutToken(failure: TokenFailure, forUser: boolean): GraphError {
  const cause = new Error(`token endpoint: ${failure.error} ${failure.number ?? ''}`.trim());
  if (failure.waitMs !== undefined) {
    const message = 'Tokens for Graph cannot be had now.';
    return new GraphError('ServiceUnavailable', message, {
      outcome: 'not-sent',
      headers: { 'Retry-After': retryAfterSeconds(failure.waitMs) },
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

/** Whether the proxy's own identity is at fault, which an operator must mend. */
export function isOwnFault(error: unknown): boolean {
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
  const message = 'The token cannot be exchanged for one on behalf of its user; acquire another.';
  return new GraphError('InvalidAuthenticationToken', message, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${message}"` },
    cause,
  });
}

/** What is known of an error that Microsoft's library threw, by its form: it is loaded when needed. */
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
