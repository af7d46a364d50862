import { type Caller, GraphError, type Operation } from '@bookings/domain';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { segmentOf } from '../http/request-parts.ts';
import { timesSent } from '../http/request-trail.ts';
import { denied, invalidToken, missingToken, noBearerToken } from './auth-errors.ts';
import { type House, denials } from './denials.ts';
import type { TokenVerifier } from './token-verifier.ts';

/**
 * Says who calls and whether they may, before a byte of the body is read: Nest's guards would run
 * after the parser, and a stranger could make us parse.
 *
 * @param house what callers may do besides what their tokens permit
 */
export function authenticate(verifier: TokenVerifier, house: House): onRequestAsyncHookHandler {
  return async (request) => {
    const { operation, open, anyCaller } = request.routeOptions.config;
    if (open) return;
    if (operation === undefined && !anyCaller) {
      throw new TypeError(`${request.routeOptions.url ?? 'a route'} declares no permission`);
    }
    if (operation !== undefined) request.trail.operation = operation;
    const token = bearerToken(request);
    const caller = await verifier.verify(token);
    request.trail.caller = caller;
    request.trail.callerToken = token;
    if (operation !== undefined) permitOperation(request, caller, operation, house);
  };
}

/** @throws GraphError 403 with all that is missing */
function permitOperation(
  request: FastifyRequest,
  caller: Caller,
  operation: Operation,
  house: House,
): void {
  // The very text that goes up. Without one the rules refuse.
  const business = segmentOf(request, 'business');
  const missing = denials(caller, { operation, business }, house);
  if (missing.length > 0) throw denied(caller, operation, missing);
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
  const { caller, callerToken } = request.trail;
  if (!caller || callerToken === undefined)
    throw new GraphError('InternalServerError', 'No caller.');
  return { caller, callerToken };
}
