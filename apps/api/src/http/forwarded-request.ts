import { type Operation, isWrite, readQueryOptions } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { badRequest } from './bad-request.ts';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A header by its lower-case name, and why it is not honoured. */
export type RefusedHeader = readonly [name: string, reason: string];

/** Headers that would change what any request means. */
const REFUSED_ALWAYS: readonly RefusedHeader[] = [
  ['x-http-method', 'the method of the request is the one that counts'],
  ['x-http-method-override', 'the method of the request is the one that counts'],
];
/** The same for requests that change something. */
const REFUSED_ON_CREATE: readonly RefusedHeader[] = [
  ...REFUSED_ALWAYS,
  ['if-none-match', 'it is for requests that read'],
];
const REFUSED_ON_CHANGE: readonly RefusedHeader[] = [
  ...REFUSED_ON_CREATE,
  ['idempotency-key', 'creates alone are remembered'],
];

/** What of a caller's request goes up besides ids and body. */
export interface ForwardedRequest {
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/**
 * What Graph may see of a request's headers and query.
 *
 * @throws GraphError 400 for a header or query option that would change what the request means
 */
export function forwardedRequest(request: FastifyRequest, operation: Operation): ForwardedRequest {
  const write = isWrite(operation);
  const refused = write
    ? operation === 'createCustomer'
      ? REFUSED_ON_CREATE
      : REFUSED_ON_CHANGE
    : REFUSED_ALWAYS;
  refuseHeaders(request, refused);
  return { headers: callerHeaders(request), query: forwardedQuery(request.url, write) };
}

/** @throws GraphError 400 when the request has one of the headers that are `refused` */
export function refuseHeaders(
  { headers }: FastifyRequest,
  refused: readonly RefusedHeader[],
): void {
  for (const [name, reason] of refused) {
    if (headers[name] === undefined) continue;
    throw badRequest(`The header ${name} is not honoured: ${reason}. Leave it out.`, name);
  }
}

function forwardedQuery(url: string, write: boolean): string {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  if (!write) return readQueryOptions(query);
  if (!/(?:^|&)(?:\$|%24)/i.test(query)) return '';
  throw badRequest('This operation takes no query options.', 'query');
}

function callerHeaders({ headers }: FastifyRequest): Record<string, string> {
  const { accept, prefer, traceparent, 'if-match': ifMatch, 'if-none-match': ifNone } = headers;
  const up: Record<string, string> = {};
  if (accept !== undefined && /\bapplication\/json\b/i.test(accept)) up['accept'] = accept;
  if (typeof prefer === 'string') up['prefer'] = prefer;
  if (ifMatch !== undefined) up['if-match'] = ifMatch;
  if (ifNone !== undefined) up['if-none-match'] = ifNone;
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent)) {
    up['traceparent'] = traceparent;
  }
  return up;
}
