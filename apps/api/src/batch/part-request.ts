import { GraphError, MAX_ANSWER_BYTES, MAX_PAGE_BYTES } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { canonicalPath, leadsToCustomers } from '../http/odata-path.ts';
import { MOST_FIELDS } from '../http/request-context.ts';
import { MAX_HEADER_BYTES } from '../http/server-options.ts';
import type { BatchPart } from './batch-request.ts';

/** Header fields of a part that are not its own to say. */
const NOT_OF_A_PART: readonly string[] = [
  'authorization',
  'connection',
  'content-length',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Header fields of the batch that each of its parts is sent under. */
const OF_THE_BATCH: readonly string[] = [
  'authorization',
  'host',
  'x-forwarded-host',
  'x-forwarded-proto',
];

/** A part as a request of its own. */
export interface PartRequest {
  /** Its address within the proxy. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The most that its answer can take. */
  readonly maxAnswerBytes: number;
}

/** @throws GraphError 431 for a part beyond the limits of a request, 404 for one elsewhere */
export function partRequest(part: BatchPart, batch: FastifyRequest): PartRequest {
  const own = Object.entries(part.headers);
  const outer = OF_THE_BATCH.flatMap((name) => {
    const value = batch.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  checkSize(part.url, [...own, ...outer]);
  const kept = own
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !NOT_OF_A_PART.includes(name) && !name.startsWith('x-forwarded-'));
  const { clientRequestId } = batch.requestContext;
  const target = targetOf(part.url);
  return {
    target,
    headers: Object.fromEntries([['client-request-id', clientRequestId], ...kept, ...outer]),
    maxAnswerBytes: isList(part.method, target) ? MAX_PAGE_BYTES : MAX_ANSWER_BYTES,
  };
}

function checkSize(url: string, fields: readonly (readonly [string, string])[]): void {
  if (fields.length > MOST_FIELDS) {
    throw tooLarge(`There are more than ${MOST_FIELDS} headers, with those of the batch.`);
  }
  const bytes = fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (Buffer.byteLength(url) + bytes > MAX_HEADER_BYTES) {
    throw tooLarge('The url and the headers, with those of the batch, are larger than 16 KiB.');
  }
}

function targetOf(url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) throw elsewhere();
  const target = canonicalPath(url.startsWith('/') ? url : `/${url}`);
  // A URL parser would climb up at dot segments.
  const climbs = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(target);
  if (!leadsToCustomers(target) || climbs) throw elsewhere();
  return target;
}

function isList(method: BatchPart['method'], target: string): boolean {
  return (method === 'GET' || method === 'HEAD') && /^[^?]*\/customers(?:\?|$)/.test(target);
}

function tooLarge(message: string): GraphError {
  return new GraphError('RequestHeaderFieldsTooLarge', message);
}

function elsewhere(): GraphError {
  return new GraphError('ResourceNotFound', 'In a batch only customers have an address.');
}
