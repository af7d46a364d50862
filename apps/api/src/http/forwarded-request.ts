import { type Operation, isWrite, readQueryOptions, refuseQueryOptions } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { badRequest } from './bad-request.ts';
import { refuseSimilarKeys } from './similar-keys.ts';
import { traceHeaders } from './trace-context.ts';

/** A header by its lower-case name, and why it is refused. */
export type RefusedHeader = readonly [name: string, reason: string];

/** Headers that would change the meaning of any request. */
const REFUSED_ALWAYS: readonly RefusedHeader[] = [
  ['x-http-method', 'the request line has the method'],
  ['x-http-method-override', 'the request line has the method'],
];
/**
 * A write would do something else with it. `Bookings-Priority` changes only the order in which
 * requests wait, so it is ignored.
 */
export const UNIQUE_BY: RefusedHeader = [
  'bookings-unique-by',
  'this version does not support it yet, so a second customer could get the address',
];
const REFUSED_ON_CREATE: readonly RefusedHeader[] = [
  ...REFUSED_ALWAYS,
  ['if-none-match', 'it applies only to reads'],
  UNIQUE_BY,
];
const REFUSED_ON_CHANGE: readonly RefusedHeader[] = [
  ...REFUSED_ON_CREATE,
  ['idempotency-key', 'it applies only to creates'],
];

/** The headers and the query that are forwarded to Graph. */
export interface ForwardedRequest {
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/**
 * Selects the headers and the query that are forwarded to Graph.
 *
 * @throws GraphError 400 for a header or query option that would change the meaning of the request
 */
export function forwardedRequest(request: FastifyRequest, operation: Operation): ForwardedRequest {
  const write = isWrite(operation);
  const refused = write
    ? operation === 'createCustomer'
      ? REFUSED_ON_CREATE
      : REFUSED_ON_CHANGE
    : REFUSED_ALWAYS;
  refuseHeaders(request, refused);
  if (write) refuseSimilarKeys(request);
  return { headers: callerHeaders(request), query: forwardedQuery(request.url, write) };
}

/** @throws GraphError 400 when the request has one of the `refused` headers */
export function refuseHeaders(
  { headers }: FastifyRequest,
  refused: readonly RefusedHeader[],
): void {
  for (const [name, reason] of refused) {
    if (headers[name] === undefined) continue;
    throw badRequest(`The header ${name} is not supported: ${reason}. Leave it out.`, name);
  }
}

function forwardedQuery(url: string, write: boolean): string {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  return write ? refuseQueryOptions(query) : readQueryOptions(query);
}

function callerHeaders({ headers, requestContext }: FastifyRequest): Record<string, string> {
  const { accept, prefer, 'if-match': ifMatch, 'if-none-match': ifNone } = headers;
  const forwarded: Record<string, string> = { ...traceHeaders(headers, requestContext.traceId) };
  if (accept !== undefined && /\bapplication\/json\b/i.test(accept)) forwarded['accept'] = accept;
  if (typeof prefer === 'string') forwarded['prefer'] = prefer;
  if (ifMatch !== undefined) forwarded['if-match'] = ifMatch;
  if (ifNone !== undefined) forwarded['if-none-match'] = ifNone;
  return forwarded;
}
