import { type Caller, GraphError, type Operation } from '@bookings/domain';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { segmentOf } from '../http/request-params.ts';
import { timesSent } from '../http/request-context.ts';
import { accessDenied, invalidToken, missingToken, noBearerToken } from './auth-errors.ts';
import { type AuthorizationPolicy, authorize } from './authorization.ts';
import type { TokenVerifier } from './token-verifier.ts';

/**
 * Authenticates and authorizes the caller before the body is read. Nest's guards run after the body
 * parser, so an unauthenticated client could make the process parse.
 */
export function authenticate(
  verifier: TokenVerifier,
  policy: AuthorizationPolicy,
): onRequestAsyncHookHandler {
  return async (request) => {
    const { operation, isPublic, requiresToken } = request.routeOptions.config;
    if (isPublic) return;
    if (operation === undefined && !requiresToken) {
      throw new TypeError(
        `${request.routeOptions.url ?? 'a route'} declares no access requirement`,
      );
    }
    if (operation !== undefined) request.requestContext.operation = operation;
    const token = bearerToken(request);
    const caller = await verifier.verify(token);
    request.requestContext.caller = caller;
    request.requestContext.callerToken = token;
    if (operation !== undefined) permitOperation(request, caller, operation, policy);
  };
}

/** @throws GraphError 403 with everything that is missing */
function permitOperation(
  request: FastifyRequest,
  caller: Caller,
  operation: Operation,
  policy: AuthorizationPolicy,
): void {
  // The same decoded id is sent to Graph. The access rules refuse an empty one.
  const business = segmentOf(request, 'business');
  const missing = authorize(caller, { operation, business }, policy);
  if (missing.length > 0) throw accessDenied(caller, operation, missing);
}

/**
 * Reads the bearer token. The verifier checks its form.
 *
 * @throws GraphError 401 when there is not exactly one bearer token (RFC 6750, 2.1)
 */
function bearerToken(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw missingToken();
  // Node silently keeps the first of several.
  if (timesSent(request, 'authorization') > 1) {
    throw invalidToken('one-token', 'There must be one Authorization header.');
  }
  const [scheme] = /^Bearer +/i.exec(authorization) ?? [];
  if (scheme === undefined) throw noBearerToken();
  return authorization.slice(scheme.length);
}

/** The verified caller of a request. Only for routes that `authenticate` protects. */
export function callerOfRequest(request: FastifyRequest): { caller: Caller; callerToken: string } {
  const { caller, callerToken } = request.requestContext;
  if (!caller || callerToken === undefined)
    throw new GraphError('InternalServerError', 'The route does not authenticate its caller.');
  return { caller, callerToken };
}
