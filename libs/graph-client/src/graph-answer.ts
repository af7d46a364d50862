import {
  type CreatedCustomer,
  type ErrorDetail,
  GraphError,
  type GraphErrorOptions,
  MOST_LEVELS,
  type Outcome,
  type UpstreamAnswer,
  type UpstreamRequest,
  isDeeperThan,
  isObject,
} from '@bookings/domain';
import { claimsChallenge } from './credentials/claims-challenge.ts';
import type { WireAnswer } from './exchange.ts';
import { header, passedBack, readableRequestId, shown } from './headers.ts';
import type { Sent } from './send.ts';

/**
 * The created customer in Graph's answer to a create.
 *
 * @throws GraphError Graph's own error, or ours when the answer cannot be understood
 */
export function createdCustomer(sent: Sent, request: UpstreamRequest): CreatedCustomer {
  const { answer } = sent;
  if (answer.status !== 201 && answer.status !== 200) throw errorIn(sent, request);
  const id = idIn(answer);
  if (id === undefined) throw unintelligible(answer, 'without a booking customer');
  return { ...success(answer), status: 201, id };
}

/** One customer in Graph's answer. With `$select` it need not have an id. Throws as `createdCustomer`. */
export function customerIn(sent: Sent, request: UpstreamRequest): UpstreamAnswer {
  const { answer } = sent;
  if (answer.status === 304) return notModified(answer);
  if (answer.status !== 200) throw errorIn(sent, request);
  if (!isObject(readJson(answer))) throw unintelligible(answer, 'without a booking customer');
  return success(answer);
}

/** A page of customers. Throws as `createdCustomer`. */
export function pageIn(sent: Sent, request: UpstreamRequest): UpstreamAnswer {
  const { answer } = sent;
  if (answer.status === 304) return notModified(answer);
  if (answer.status !== 200) throw errorIn(sent, request);
  const page = readJson(answer);
  if (!isObject(page) || !Array.isArray(page['value'])) {
    throw unintelligible(answer, 'without a list of customers');
  }
  return success(answer);
}

/** How many customers there are. Throws as `createdCustomer`. */
export function countIn(sent: Sent, request: UpstreamRequest): UpstreamAnswer {
  const { answer } = sent;
  if (answer.status === 304) return notModified(answer);
  if (answer.status !== 200) throw errorIn(sent, request);
  if (isEncoded(answer) || !/^\uFEFF?\d{1,15}$/.test(answer.body.toString('utf8'))) {
    throw unintelligible(answer, 'without a number');
  }
  return { ...success(answer), contentType: 'text/plain' };
}

/**
 * That a customer is gone. Nothing to delete means the same where an earlier attempt may have been
 * carried out. Throws as `createdCustomer`.
 */
export function deleted(sent: Sent, request: UpstreamRequest): UpstreamAnswer {
  const { answer, perhapsDoneBefore } = sent;
  const done = answer.status >= 200 && answer.status < 300;
  if (!done && !(answer.status === 404 && perhapsDoneBefore)) throw errorIn(sent, request);
  return { ...success(answer), status: 204, body: NOTHING };
}

const NOTHING = Buffer.alloc(0);

function success(answer: WireAnswer): UpstreamAnswer {
  return {
    status: answer.status,
    body: answer.body,
    contentType: header(answer.headers, 'content-type') ?? 'application/json',
    headers: shown(answer.headers),
    requestId: readableRequestId(header(answer.headers, 'request-id')),
  };
}

function notModified(answer: WireAnswer): UpstreamAnswer {
  return { ...success(answer), body: NOTHING };
}

function idIn(answer: WireAnswer): string | undefined {
  const entity = readJson(answer);
  const id = isObject(entity) ? entity['id'] : undefined;
  // A lone surrogate cannot be part of an address.
  return typeof id === 'string' && id !== '' && id.isWellFormed() ? id : undefined;
}

/** What an answer that is no success means for the caller. */
function errorIn({ answer, perhapsDoneBefore }: Sent, request: UpstreamRequest): GraphError {
  const { status } = answer;
  if (status < 400 || status > 599) return unintelligible(answer, 'which means nothing here');
  if (status === 401) return refusedIdentity(answer, perhapsDoneBefore, request);
  const lost = perhapsDoneBefore || status >= 500 || status === 408;
  const outcome: Outcome | undefined = lost ? 'unknown' : undefined;
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
function refusedIdentity(
  answer: WireAnswer,
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

function unintelligible(answer: WireAnswer, how: string): GraphError {
  return new GraphError('BadGateway', `Graph answered ${answer.status}, ${how}.`, {
    outcome: 'unknown',
    requestId: readableRequestId(header(answer.headers, 'request-id')),
  });
}

/**
 * Undefined for what is not JSON, or deeper than any of Graph's. Graph was not asked for a compressed
 * answer, so one is not read.
 */
function readJson(answer: WireAnswer): unknown {
  const mediaType = header(answer.headers, 'content-type') ?? '';
  if (!/^application\/json\b/i.test(mediaType)) return undefined;
  if (isEncoded(answer) || isDeeperThan(answer.body, MOST_LEVELS)) return undefined;
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isEncoded(answer: WireAnswer): boolean {
  return (header(answer.headers, 'content-encoding') ?? 'identity') !== 'identity';
}
