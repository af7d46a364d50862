import { type Caller, GraphError, type Operation } from '@bookings/domain';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { endOfTurn } from '../http/end-of-turn.ts';
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
export function authenticate(verifier: TokenVerifier, house: House): onRequestHookHandler {
  return (request, _reply, done) => {
    const refuse = async (refusal: unknown) => {
      // Refused in one turn, they are answered together: by itself each costs twice as much.
      await endOfTurn.reached('answer');
      done(refusal instanceof Error ? refusal : new Error('refused', { cause: refusal }));
    };
    let admitted: Promise<void> | undefined;
    try {
      admitted = admit(request, verifier, house);
    } catch (refusal) {
      void refuse(refusal);
      return;
    }
    if (!admitted) done();
    else
      void admitted.then(() => {
        done();
      }, refuse);
  };
}

/** Undefined where it need not be waited for. Throws, or rejects, when the caller is refused. */
function admit(
  request: FastifyRequest,
  verifier: TokenVerifier,
  house: House,
): Promise<void> | undefined {
  const { operation, open, anyCaller } = request.routeOptions.config;
  if (open) return undefined;
  if (operation === undefined && !anyCaller) {
    throw new TypeError(`${request.routeOptions.url ?? 'a route'} declares no permission`);
  }
  if (operation !== undefined) request.trail.operation = operation;
  const token = bearerToken(request);
  const verified = verifier.verify(token, request.raw.socket);
  const permit = (caller: Caller) => {
    request.trail.caller = caller;
    request.trail.callerToken = token;
    if (operation !== undefined) permitOperation(request, caller, operation, house);
  };
  if (verified instanceof Promise) return verified.then(permit);
  permit(verified);
  return undefined;
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
