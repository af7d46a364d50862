import { type ErrorDetail, GraphError, CONSENT_MISSING, USER_REFUSALS } from '@bookings/domain';
import { challengeFor } from '../transport/claims-challenge.ts';
import { retryAfterSeconds } from '../transport/retry-after.ts';
import { type TokenFailure, TokenFailed, reasonOf } from './token-failure.ts';

/** The error for the caller. The request was not sent to Graph. */
export function tokenError(failure: TokenFailure, forUser: boolean): GraphError {
  const cause = new TokenFailed(failure);
  if (failure.retryDelayMs !== undefined) {
    return temporarilyUnavailable(failure.retryDelayMs, cause, failure.number);
  }
  return (
    (forUser ? userError(failure, cause) : undefined) ??
    new GraphError('BadGateway', 'The proxy could not obtain a token for Graph.', {
      outcome: 'not-sent',
      aadsts: failure.number,
      cause,
    })
  );
}

/** 503 until the token endpoint may be asked again. */
export function temporarilyUnavailable(
  retryDelayMs: number,
  cause: unknown,
  aadsts?: number,
): GraphError {
  return new GraphError('ServiceUnavailable', 'Tokens for Graph are temporarily unavailable.', {
    outcome: 'not-sent',
    headers: { 'Retry-After': retryAfterSeconds(retryDelayMs) },
    aadsts,
    cause,
  });
}

/** Whether the failure is about the proxy's identity, so that an operator must act. */
export function isProxyFault(error: GraphError): boolean {
  return error.code === 'BadGateway';
}

/** Whether the proxy lacks the consent to act on behalf of users. */
export function isConsentMissing({ details = [] }: GraphError): boolean {
  return details.some(({ code }) => code === CONSENT_MISSING);
}

/** The error for a failure that is about the user; otherwise undefined. */
function userError(failure: TokenFailure, cause: TokenFailed): GraphError | undefined {
  const { error, number = 0, claims } = failure;
  // Claims are what the user can do about it, so they precede the number.
  if (claims !== undefined) return mustSignIn(challengeFor(toBase64(claims)), cause);
  const refusal = USER_REFUSALS.get(number);
  if (refusal) return userRefused(refusal, cause);
  if (error === 'interaction_required') return mustSignIn(invalidToken(MUST_SIGN_IN), cause);
  if (error === 'invalid_grant') return refusedAssertion(cause);
  return undefined;
}

const MUST_SIGN_IN = 'The user must sign in again before the proxy can act on their behalf.';

function mustSignIn(challenge: string, cause: TokenFailed): GraphError {
  return unauthorized(MUST_SIGN_IN, challenge, cause);
}

function refusedAssertion(cause: TokenFailed): GraphError {
  const message = 'The token cannot be exchanged for an on-behalf-of token. Acquire a new one.';
  return unauthorized(message, invalidToken(message), cause);
}

function unauthorized(message: string, challenge: string, cause: TokenFailed): GraphError {
  const headers = { 'WWW-Authenticate': challenge };
  return new GraphError('InvalidAuthenticationToken', message, { headers, ...forLog(cause) });
}

/** Has no challenge, because it would send the user to sign in again. */
function userRefused(refusal: ErrorDetail, cause: TokenFailed): GraphError {
  const { message } = refusal;
  const options = { details: [refusal], ...forLog(cause) };
  return new GraphError('Authorization_RequestDenied', message, options);
}

/** Nothing was sent to Graph. The rule is that of the log line. */
function forLog(cause: TokenFailed) {
  const { failure } = cause;
  const rule = `on-behalf-of: ${reasonOf(failure)}`;
  return { outcome: 'not-sent', rule, aadsts: failure.number, cause } as const;
}

function invalidToken(description: string): string {
  return `Bearer error="invalid_token", error_description="${description}"`;
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
