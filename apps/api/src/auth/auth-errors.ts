import { GraphError, type Verdict } from '@bookings/domain';
import type { Caller } from '@bookings/domain';

// RFC 6750, section 3: a request without a token gets no `error`.
export function missingToken(): GraphError {
  return new GraphError('InvalidAuthenticationToken', 'A bearer token is required.', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

/** @param why a sentence without anything of the token in it */
export function invalidToken(why: string, cause?: unknown): GraphError {
  return new GraphError('InvalidAuthenticationToken', why, {
    headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description="${why}"` },
    cause,
  });
}

export function foreignTenant(): GraphError {
  const message = "The token's tenant is not accepted here.";
  return new GraphError('Authorization_RequestDenied', message);
}

export function keysUnreachable(cause: unknown): GraphError {
  const message = 'The token cannot be verified now: the key set of its issuer cannot be reached.';
  return new GraphError('ServiceUnavailable', message, { headers: { 'Retry-After': '5' }, cause });
}

/** Says which permissions would do, least privileged first, and which kind of token was held. */
export function denied(caller: Caller, verdict: Verdict & { permitted: false }): GraphError {
  if (verdict.reason === 'personal-account') {
    const message = 'Personal Microsoft accounts are not supported for booking customers.';
    return new GraphError('Authorization_RequestDenied', message);
  }
  const { anyOf } = verdict;
  const held = caller.kind === 'delegated' ? 'a delegated token' : 'an application token';
  const kind = caller.kind === 'delegated' ? 'delegated permissions' : 'application permissions';
  const message = `The caller holds ${held} without any of the ${kind} that would do: ${anyOf.join(', ')}.`;
  const scope = caller.kind === 'delegated' ? `, scope="${anyOf.join(' ')}"` : '';
  return new GraphError('Authorization_RequestDenied', message, {
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope"${scope}` },
  });
}
