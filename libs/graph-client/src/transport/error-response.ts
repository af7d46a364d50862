import {
  type ErrorDetail,
  GraphError,
  type GraphErrorOptions,
  MAX_DETAILS,
  type Outcome,
  type UpstreamRequest,
  isObject,
} from '@bookings/domain';
import { readJson } from './json-response.ts';
import { claimsChallenge } from './claims-challenge.ts';
import type { SendResult, WireResponse } from './exchange.ts';
import { header, errorHeaders, readableRequestId } from './headers.ts';

/** The error for a response without success. */
export function errorFrom(
  { response, mayBeDone }: SendResult,
  request: UpstreamRequest,
): GraphError {
  const { status } = response;
  if (status < 400 || status > 599) return invalidResponse(response, 'unexpectedly');
  if (status === 401) return refusedCredential(response, mayBeDone, request);
  const unknown = mayBeDone || status >= 500 || status === 408;
  const outcome: Outcome | undefined = unknown ? 'unknown' : undefined;
  const requestId = readableRequestId(header(response.headers, 'request-id'));
  const options: GraphErrorOptions = {
    headers: errorHeaders(response.headers),
    outcome,
    requestId,
  };
  const body = readJson(response);
  const error = isObject(body) ? body['error'] : undefined;
  if (
    isObject(error) &&
    typeof error['code'] === 'string' &&
    typeof error['message'] === 'string'
  ) {
    return graphError(status, error['code'], error['message'], error, options);
  }
  const message = `Graph answered ${status} without a valid error.`;
  if (status >= 500) return new GraphError('BadGateway', message, options);
  const innerError = { origin: 'proxy' };
  return new GraphError('UnknownError', message, options, { status, innerError });
}

function graphError(
  status: number,
  code: string,
  message: string,
  error: Record<string, unknown>,
  options: GraphErrorOptions,
): GraphError {
  // Graph sends "innerError"; its documentation has "innererror".
  const inner = error['innerError'] ?? error['innererror'];
  const innerError = isObject(inner) ? inner : {};
  const given: readonly unknown[] = Array.isArray(error['details']) ? error['details'] : [];
  const details = given.slice(0, MAX_DETAILS).filter(isDetail).map(withoutNullTarget);
  return new GraphError(
    code,
    message,
    {
      ...options,
      requestId: readableRequestId(innerError['request-id']) ?? options.requestId,
      ...(details.length > 0 && { details }),
    },
    { status, innerError },
  );
}

type UpstreamDetail = Omit<ErrorDetail, 'target'> & { readonly target?: unknown };

function isDetail(value: unknown): value is UpstreamDetail {
  return (
    isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string'
  );
}

/** Graph's `target` may be null. Responses of the proxy leave it out then. */
function withoutNullTarget({ target, ...detail }: UpstreamDetail): ErrorDetail {
  return { ...detail, ...(typeof target === 'string' && { target }) };
}

/** A 401 of Graph is about the proxy's token, not about the caller's. */
function refusedCredential(
  response: WireResponse,
  mayBeDone: boolean,
  { caller }: UpstreamRequest,
): GraphError {
  const challenge = claimsChallenge(header(response.headers, 'www-authenticate'));
  const requestId = readableRequestId(header(response.headers, 'request-id'));
  if (challenge !== undefined && caller.kind === 'delegated') {
    const message = 'The user must sign in again; WWW-Authenticate has the claims.';
    const headers = { 'WWW-Authenticate': challenge };
    const outcome = mayBeDone ? 'unknown' : undefined;
    return new GraphError('InvalidAuthenticationToken', message, { headers, outcome, requestId });
  }
  const message = "Graph refused the proxy's credential.";
  const outcome = mayBeDone ? 'unknown' : 'not-sent';
  return new GraphError('BadGateway', message, { outcome, requestId });
}

/** A response that the proxy cannot interpret. The outcome of a write is unknown. */
export function invalidResponse(response: WireResponse, how: string): GraphError {
  return new GraphError('BadGateway', `Graph answered ${response.status} ${how}.`, {
    outcome: 'unknown',
    requestId: readableRequestId(header(response.headers, 'request-id')),
  });
}
