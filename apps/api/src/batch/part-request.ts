import {
  GraphError,
  MAX_RESPONSE_BYTES,
  MAX_PAGE_BYTES,
  OPERATION_NAMES,
  OPERATIONS,
} from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import { canonicalPath, isCustomersPath } from '../http/odata-path.ts';
import { MAX_HEADER_FIELDS } from '../http/request-context.ts';
import { RETRY_ATTEMPT, saysRepeat } from '../http/retry-attempt.ts';
import { MAX_HEADER_BYTES } from '../http/server-options.ts';
import type { BatchPart } from './batch-request.ts';

/** Header fields that a part cannot set. */
const DROPPED_FIELDS: readonly string[] = [
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

/** Header fields that every part inherits from the batch. */
const INHERITED_FIELDS: readonly string[] = [
  'authorization',
  'host',
  'x-forwarded-host',
  'x-forwarded-proto',
];

/** A part as a request of its own. */
export interface PartRequest {
  /** The path and query at the proxy, not yet normalized. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The maximum size of the response. */
  readonly maxResponseBytes: number;
}

/** @throws GraphError 431 for a part over the limits of a request, 404 for other resources */
export function partRequest(part: BatchPart, batch: FastifyRequest): PartRequest {
  const own = Object.entries(part.headers);
  // A batch that is not a repeat may still repeat one of its parts.
  const ofRepeat = saysRepeat(batch.headers) ? [RETRY_ATTEMPT] : [];
  const inherited = [...INHERITED_FIELDS, ...ofRepeat].flatMap((name) => {
    const value = batch.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const target = writtenTarget(part.url);
  checkSize(target, [...own, ...inherited]);
  const kept = own
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !DROPPED_FIELDS.includes(name) && !name.startsWith('x-forwarded-'));
  const { clientRequestId } = batch.requestContext;
  const canonical = canonicalTarget(target);
  return {
    target,
    headers: Object.fromEntries([['client-request-id', clientRequestId], ...kept, ...inherited]),
    maxResponseBytes: isPage(part.method, canonical) ? MAX_PAGE_BYTES : MAX_RESPONSE_BYTES,
  };
}

function checkSize(target: string, fields: readonly (readonly [string, string])[]): void {
  if (fields.length > MAX_HEADER_FIELDS) {
    throw tooLarge(
      `There are more than ${MAX_HEADER_FIELDS} headers, including those of the batch.`,
    );
  }
  const bytes = fields.reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0);
  if (target.length + bytes > MAX_HEADER_BYTES) {
    throw tooLarge(
      'The url and the headers, including those of the batch, are larger than 16 KiB.',
    );
  }
}

/** What a request line can hold. */
function writtenTarget(url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) throw notACustomer();
  const encoded = url.replaceAll(/[^!-~]+/g, encodeURIComponent);
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}

function canonicalTarget(target: string): string {
  const canonical = canonicalPath(target);
  // A URL parser resolves dot segments, which could leave the collection (path traversal).
  const hasDotSegment = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(canonical);
  if (!isCustomersPath(canonical) || hasDotSegment) throw notACustomer();
  return canonical;
}

/** The canonical paths of pages, without a query. */
const PAGES = OPERATION_NAMES.map((name) => OPERATIONS[name])
  .filter(({ returnsPage }) => returnsPage === true)
  .map(({ path }) => path.replaceAll('$', String.raw`\$`).replaceAll(/\{\w+\}/g, '[^/]+'))
  .map((pattern) => new RegExp(String.raw`^/v1\.0${pattern}(?:\?|$)`));

function isPage(method: BatchPart['method'], target: string): boolean {
  return (method === 'GET' || method === 'HEAD') && PAGES.some((page) => page.test(target));
}

function tooLarge(message: string): GraphError {
  return new GraphError('RequestHeaderFieldsTooLarge', message);
}

function notACustomer(): GraphError {
  const { path } = OPERATIONS.getCustomer;
  const message = `A batch can contain only requests for customers: ${OPERATIONS.listCustomers.path} and ${path}.`;
  return new GraphError('ResourceNotFound', message);
}
