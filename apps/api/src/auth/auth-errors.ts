import {
  type Caller,
  type ErrorDetail,
  GraphError,
  type Operation,
  permits,
} from '@bookings/domain';
import { FOREIGN_TENANT } from './authorization.ts';

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
  | 'caller';

/** A request without a token gets no `error` (RFC 6750, 3.1). */
export function missingToken(): GraphError {
  return new GraphError('InvalidAuthenticationToken', 'A bearer token is required.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
    rule: 'token-missing' satisfies TokenRule,
  });
}

export function noBearerToken(): GraphError {
  return invalidToken('bearer', 'The Authorization header must be a bearer token.');
}

/** @param why must contain nothing of the token */
export function invalidToken(rule: TokenRule, why: string, cause?: unknown): GraphError {
  return new GraphError('InvalidAuthenticationToken', why, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${why}"` },
    rule,
    cause,
  });
}

export function foreignTenant(): GraphError {
  return refused([FOREIGN_TENANT]);
}

export function keysUnreachable(cause: unknown): GraphError {
  const message = 'The token cannot be verified now: the key set of its issuer cannot be reached.';
  return new GraphError('ServiceUnavailable', message, { headers: { 'Retry-After': '5' }, cause });
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
