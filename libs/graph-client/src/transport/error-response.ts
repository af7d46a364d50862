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
import { claimsChallenge } from '../credentials/claims-challenge.ts';
import type { WireResponse } from './exchange.ts';
import { header, errorHeaders, readableRequestId } from './headers.ts';
import type { Sent } from '../retry/send.ts';

/** What an answer that is no success means for the caller. */
export function errorIn({ answer, perhapsDoneBefore }: Sent, request: UpstreamRequest): GraphError {
  const { status } = answer;
  if (status < 400 || status > 599) return unintelligible(answer, 'which means nothing here');
  if (status === 401) return refusedIdentity(answer, perhapsDoneBefore, request);
  const lost = perhapsDoneBefore || status >= 500 || status === 408;
  const outcome: Outcome | undefined = lost ? 'unknown' : undefined;
  const requestId = readableRequestId(header(answer.headers, 'request-id'));
  const options: GraphErrorOptions = { headers: errorHeaders(answer.headers), outcome, requestId };
  const body = readJson(answer);
  const error = isObject(body) ? body['error'] : undefined;
  if (
    isObject(error) &&
    typeof error['code'] === 'string' &&
    typeof error['message'] === 'string'
  ) {
    return graphsOwn(status, error['code'], error['message'], error, options);
  }
  const message = `Graph answered ${status} without an error that can be read.`;
  if (status >= 500) return new GraphError('BadGateway', message, options);
  const innerError = { origin: 'proxy' };
  return new GraphError('UnknownError', message, options, { status, innerError });
}

function graphsOwn(
  status: number,
  code: string,
  message: string,
  error: Record<string, unknown>,
  options: GraphErrorOptions,
): GraphError {
  // "innerError" on the wire, "innererror" in Graph's description of it.
  const inner = error['innerError'] ?? error['innererror'];
  const innerError = isObject(inner) ? inner : {};
  const given: readonly unknown[] = Array.isArray(error['details']) ? error['details'] : [];
  const details = given.slice(0, MAX_DETAILS).filter(isDetail);
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

function isDetail(value: unknown): value is ErrorDetail {
  return (
    isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string'
  );
}

/** Graph does not accept the token that the proxy sent: the caller's was fine. */
function refusedIdentity(
  answer: WireResponse,
  perhapsDoneBefore: boolean,
  { caller }: UpstreamRequest,
): GraphError {
  const challenge = claimsChallenge(header(answer.headers, 'www-authenticate'));
  const requestId = readableRequestId(header(answer.headers, 'request-id'));
  if (challenge !== undefined && caller.kind === 'delegated') {
    const message = 'Graph asks the user to sign in again; the claims are in WWW-Authenticate.';
    const headers = { 'WWW-Authenticate': challenge };
    const outcome = perhapsDoneBefore ? 'unknown' : undefined;
    return new GraphError('InvalidAuthenticationToken', message, { headers, outcome, requestId });
  }
  const message = "Graph refused the proxy's own credential.";
  const outcome = perhapsDoneBefore ? 'unknown' : 'not-sent';
  return new GraphError('BadGateway', message, { outcome, requestId });
}

/** An answer that means nothing to the proxy: what was asked for may have been done. */
export function unintelligible(answer: WireResponse, how: string): GraphError {
  return new GraphError('BadGateway', `Graph answered ${answer.status}, ${how}.`, {
    outcome: 'unknown',
    requestId: readableRequestId(header(answer.headers, 'request-id')),
  });
}
