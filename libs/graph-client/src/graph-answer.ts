import {
  type ErrorDetail,
  GraphError,
  type GraphErrorOptions,
  type Outcome,
  type UpstreamAnswer,
  isObject,
} from '@bookings/domain';
import { claimsChallenge } from './claims-challenge.ts';
import type { WireAnswer } from './exchange.ts';
import { header, passedBack, readableRequestId } from './headers.ts';

/**
 * The created customer in Graph's answer to a create.
 *
 * @param onBehalfOfUser whether a user could answer a claims challenge
 * @throws GraphError Graph's own error, or ours when the answer cannot be understood
 */
export function createdCustomer(answer: WireAnswer, onBehalfOfUser: boolean): UpstreamAnswer {
  if (answer.status !== 201 && answer.status !== 200) throw writeError(answer, onBehalfOfUser);
  const entity = readJson(answer);
  const id = isObject(entity) ? entity['id'] : undefined;
  // A lone surrogate cannot be part of an address.
  if (typeof id !== 'string' || id === '' || !id.isWellFormed()) {
    throw unintelligible(answer, 'without a booking customer');
  }
  return {
    id,
    body: answer.body,
    contentType: header(answer.headers, 'content-type') ?? 'application/json',
    requestId: readableRequestId(header(answer.headers, 'request-id')),
  };
}

/** What an answer to a write that is no success means for the caller. */
function writeError(answer: WireAnswer, onBehalfOfUser: boolean): GraphError {
  const { status } = answer;
  if (status < 400 || status > 599) return unintelligible(answer, 'which a create cannot mean');
  if (status === 401) return refusedIdentity(answer, onBehalfOfUser);
  const outcome: Outcome | undefined = status >= 500 || status === 408 ? 'unknown' : undefined;
  const requestId = readableRequestId(header(answer.headers, 'request-id'));
  const options: GraphErrorOptions = { headers: passedBack(answer.headers), outcome, requestId };
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
  const details = Array.isArray(error['details']) ? error['details'].filter(isDetail) : [];
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
function refusedIdentity(answer: WireAnswer, onBehalfOfUser: boolean): GraphError {
  const challenge = claimsChallenge(header(answer.headers, 'www-authenticate'));
  const requestId = readableRequestId(header(answer.headers, 'request-id'));
  if (challenge !== undefined && onBehalfOfUser) {
    const message = 'Graph asks the user to sign in again; the claims are in WWW-Authenticate.';
    const headers = { 'WWW-Authenticate': challenge };
    return new GraphError('InvalidAuthenticationToken', message, { headers, requestId });
  }
  const message = "Graph refused the proxy's own credential.";
  return new GraphError('BadGateway', message, { outcome: 'not-sent', requestId });
}

function unintelligible(answer: WireAnswer, how: string): GraphError {
  return new GraphError('BadGateway', `Graph answered ${answer.status}, ${how}.`, {
    outcome: 'unknown',
    requestId: readableRequestId(header(answer.headers, 'request-id')),
  });
}

/** Undefined for what is not JSON; Graph was not asked for a compressed answer, so one is not read. */
function readJson(answer: WireAnswer): unknown {
  const mediaType = header(answer.headers, 'content-type') ?? '';
  if (!/^application\/json\b/i.test(mediaType)) return undefined;
  if ((header(answer.headers, 'content-encoding') ?? 'identity') !== 'identity') return undefined;
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}
