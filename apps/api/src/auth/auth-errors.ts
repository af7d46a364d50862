import {
  type Caller,
  type ErrorDetail,
  GraphError,
  type Operation,
  permits,
} from '@bookings/domain';
import { FOREIGN_TENANT } from './authorization.ts';

const FORM = 'Send the header Authorization: Bearer TOKEN.';

/** The rules for a token, as the field `rule` of a log line names them. */
export type TokenRule =
  | 'token-missing'
  | 'bearer'
  | 'one-token'
  | 'form'
  | 'header'
  | 'unambiguous'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'expired'
  | 'not-before'
  | 'lifetime'
  | 'audience'
  | 'one-audience'
  | 'issuer'
  | 'claim'
  | 'caller'
  | 'user';

/** A request without a token gets no `error` (RFC 6750, 3.1). */
export function missingToken(): GraphError {
  return new GraphError('InvalidAuthenticationToken', `A bearer token is required. ${FORM}`, {
    headers: { 'WWW-Authenticate': 'Bearer' },
    rule: 'token-missing' satisfies TokenRule,
  });
}

export function noBearerToken(): GraphError {
  return invalidToken('bearer', `The Authorization header is not a bearer token. ${FORM}`);
}

/** @param why must contain nothing of the token */
export function invalidToken(rule: TokenRule, why: string, cause?: unknown): GraphError {
  return new GraphError('InvalidAuthenticationToken', why, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${why}"` },
    rule,
    cause,
  });
}

/** @param audiences those that are accepted */
export function foreignAudience(audiences: readonly string[], cause: unknown): GraphError {
  // Clients ask Entra for a token by the URI. A bare client id is only in the token.
  const uris = audiences.filter((audience) => audience.startsWith('api://'));
  const expected = (uris.length > 0 ? uris : audiences).filter((each) => QUOTABLE.test(each));
  const advice = expected.length === 0 ? '' : `: request a token for ${expected.join(' or ')}`;
  return invalidToken('audience', `The token's audience is not this service${advice}.`, cause);
}

/** Characters that need no escape in a quoted header parameter (RFC 6750, 3). */
const QUOTABLE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

export function foreignTenant(): GraphError {
  return refused([FOREIGN_TENANT]);
}

/** @param cause its message names no address */
export function keysUnavailable(cause: Error): GraphError {
  const message = `The token cannot be verified now: ${cause.message}.`;
  return new GraphError('ServiceUnavailable', message, {
    outcome: 'not-sent',
    headers: { 'Retry-After': '5' },
    cause,
  });
}

/** 403 with everything that is missing. For a user it names the sufficient scopes (RFC 6750, 3). */
export function accessDenied(
  caller: Caller,
  operation: Operation,
  missing: readonly ErrorDetail[],
): GraphError {
  const verdict = permits(caller, operation);
  if (verdict.permitted || verdict.reason !== 'missing-permission') return refused(missing);
  const scope = caller.kind === 'delegated' ? `, scope="${verdict.anyOf.join(' ')}"` : '';
  return refused(missing, { 'WWW-Authenticate': `Bearer error="insufficient_scope"${scope}` });
}

function refused(
  missing: readonly ErrorDetail[],
  headers: Record<string, string> = {},
): GraphError {
  const message = missing[0]?.message ?? '';
  return new GraphError('Authorization_RequestDenied', message, { details: missing, headers });
}
