import {
  GraphError,
  type GraphErrorOptions,
  type Outcome,
  type UpstreamAnswer,
} from '@bookings/domain';
import { isObject } from '@bookings/domain';
import { claimsChallenge } from './claims-challenge.ts';
import type { WireAnswer } from './exchange.ts';
import { header, passedBack } from './headers.ts';

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
  if (typeof id !== 'string' || id === '') {
    throw unintelligible(`Graph answered ${answer.status} without a booking customer.`);
  }
  return {
    id,
    body: answer.body,
    contentType: header(answer.headers, 'content-type') ?? 'application/json',
    requestId: header(answer.headers, 'request-id'),
  };
}

/** What an answer to a write that is no success means for the caller. */
function writeError(answer: WireAnswer, onBehalfOfUser: boolean): GraphError {
  const { status } = answer;
  if (status < 400) return unintelligible(`Graph answered ${status}, which a create cannot mean.`);
  if (status === 401) return refusedIdentity(answer, onBehalfOfUser);
  const outcome: Outcome | undefined = status >= 500 || status === 408 ? 'unknown' : undefined;
  const options: GraphErrorOptions = {
    headers: passedBack(answer.headers),
    ...(outcome && { outcome }),
  };
  const body = readJson(answer);
  const error = isObject(body) ? body['error'] : undefined;
  const requestId = header(answer.headers, 'request-id');
  if (
    isObject(error) &&
    typeof error['code'] === 'string' &&
    typeof error['message'] === 'string'
  ) {
    // "innerError" on the wire, "innererror" in Graph's description of it.
    const inner = error['innerError'] ?? error['innererror'];
    const innerError = isObject(inner) ? inner : {};
    const innerRequestId = innerError['request-id'];
    return new GraphError(error['code'], error['message'], options, {
      status,
      requestId: typeof innerRequestId === 'string' ? innerRequestId : requestId,
      innerError,
    });
  }
  const message = `Graph answered ${status} without an error that can be read.`;
  if (status >= 500) return new GraphError('BadGateway', message, options);
  const innerError = { origin: 'proxy' };
  return new GraphError('UnknownError', message, options, { status, requestId, innerError });
}

/** Graph does not accept the token that the proxy sent: the caller's was fine. */
function refusedIdentity(answer: WireAnswer, onBehalfOfUser: boolean): GraphError {
  const challenge = claimsChallenge(header(answer.headers, 'www-authenticate'));
  if (challenge !== undefined && onBehalfOfUser) {
    const message = 'Graph asks the user to sign in again; the claims are in WWW-Authenticate.';
    return new GraphError('InvalidAuthenticationToken', message, {
      headers: { 'WWW-Authenticate': challenge },
    });
  }
  const message = "Graph refused the proxy's own credential.";
  return new GraphError('BadGateway', message, { outcome: 'not-sent' });
}

function unintelligible(message: string): GraphError {
  return new GraphError('BadGateway', message, { outcome: 'unknown' });
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
