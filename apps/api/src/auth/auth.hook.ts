import { type Caller, GraphError, type Operation } from '@bookings/domain';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { segmentOf } from '../http/request-params.ts';
import { timesSent } from '../http/request-context.ts';
import { accessDenied, invalidToken, missingToken, noBearerToken } from './auth-errors.ts';
import { type AuthorizationPolicy, authorize } from './authorization.ts';
import type { TokenVerifier } from './token-verifier.ts';

/**
 * Says who calls and whether they may, before a byte of the body is read: Nest's guards would run
 * after the parser, and a stranger could make us parse.
 *
 * @param policy what callers may do besides what their tokens permit
 */
export function authenticate(
  verifier: TokenVerifier,
  policy: AuthorizationPolicy,
): onRequestAsyncHookHandler {
  return async (request) => {
    const { operation, open, anyCaller } = request.routeOptions.config;
    if (open) return;
    if (operation === undefined && !anyCaller) {
      throw new TypeError(`${request.routeOptions.url ?? 'a route'} declares no permission`);
    }
    if (operation !== undefined) request.requestContext.operation = operation;
    const token = bearerToken(request);
    const caller = await verifier.verify(token);
    request.requestContext.caller = caller;
    request.requestContext.callerToken = token;
    if (operation !== undefined) permitOperation(request, caller, operation, policy);
  };
}

/** @throws GraphError 403 with all that is missing */
function permitOperation(
  request: FastifyRequest,
  caller: Caller,
  operation: Operation,
  policy: AuthorizationPolicy,
): void {
  // The very text that goes up. Without one the rules refuse.
  const business = segmentOf(request, 'business');
  const missing = authorize(caller, { operation, business }, policy);
  if (missing.length > 0) throw accessDenied(caller, operation, missing);
}

/**
 * What is sent as a token; whether it can be one is for the verifier to say.
 *
 * @throws GraphError 401 when there is not exactly one bearer token (RFC 6750, 2.1)
 */
function bearerToken(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw missingToken();
  // Node keeps the first of several and says nothing.
  if (timesSent(request, 'authorization') > 1) {
    throw invalidToken('There must be one Authorization header.');
  }
  const [scheme] = /^Bearer +/i.exec(authorization) ?? [];
  if (scheme === undefined) throw noBearerToken();
  return authorization.slice(scheme.length);
}

/** For what needs a caller: `authenticate` ran before, or this is a mistake of ours. */
export function callerOfRequest(request: FastifyRequest): { caller: Caller; callerToken: string } {
  const { caller, callerToken } = request.requestContext;
  if (!caller || callerToken === undefined)
    throw new GraphError('InternalServerError', 'No caller.');
  return { caller, callerToken };
}
