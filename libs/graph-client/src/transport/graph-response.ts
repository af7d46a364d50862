import {
  type CreatedCustomer,
  type UpstreamResponse,
  type UpstreamRequest,
  isObject,
} from '@bookings/domain';
import { isEncoded, readJson } from './json-response.ts';
import { errorFrom, invalidResponse } from './error-response.ts';
import type { SendResult, WireResponse } from './exchange.ts';
import { header, readableRequestId, responseHeaders } from './headers.ts';
import { type LinkTargets, rewriteLinks } from '../paging/page-links.ts';

/** Called with the customers of a response. */
export type CustomersSeen = (customers: readonly unknown[]) => void;

export type Read<T> = (result: SendResult, request: UpstreamRequest, seen: CustomersSeen) => T;

/**
 * Reads the response to a create.
 *
 * @throws GraphError Graph's error, or 502 for an invalid response
 */
export const readCreatedCustomer: Read<CreatedCustomer> = (result, request, seen) => {
  const { response } = result;
  if (response.status !== 201 && response.status !== 200) throw errorFrom(result, request);
  const { entity, id } = identified(response);
  seen([entity]);
  const { displayName } = entity;
  return {
    ...success(response),
    status: 201,
    id,
    displayName: typeof displayName === 'string' ? displayName : undefined,
  };
};

/** Reads the customer after an update. Throws like `readCreatedCustomer`. */
export const readUpdatedCustomer: Read<UpstreamResponse> = (result, request, seen) => {
  const { response } = result;
  if (response.status !== 200) throw errorFrom(result, request);
  seen([identified(response).entity]);
  return success(response);
};

/** Reads one customer. With `$select` it may have no id. Throws like `readCreatedCustomer`. */
export const readCustomer: Read<UpstreamResponse> = (result, request, seen) => {
  const { response } = result;
  if (response.status === 304) return notModified(response);
  if (response.status !== 200) throw errorFrom(result, request);
  const entity = readJson(response);
  if (!isObject(entity)) throw invalidResponse(response, 'without a booking customer');
  seen([entity]);
  return success(response);
};

/** Reads a page of customers and rewrites its links. Throws like `readCreatedCustomer`. */
export function readPage(
  result: SendResult,
  request: UpstreamRequest,
  targets: LinkTargets,
  seen: CustomersSeen,
): UpstreamResponse {
  const { response } = result;
  if (response.status === 304) return notModified(response);
  if (response.status !== 200) throw errorFrom(result, request);
  const page = readJson(response);
  if (!isObject(page) || !Array.isArray(page['value'])) {
    throw invalidResponse(response, 'without a list of customers');
  }
  seen(page['value']);
  const read = success(response);
  return { ...read, body: rewriteLinks(read.body, page, targets, read.requestId) };
}

/** Reads the number of customers. Throws like `readCreatedCustomer`. */
export function readCount(result: SendResult, request: UpstreamRequest): UpstreamResponse {
  const { response } = result;
  if (response.status === 304) return notModified(response);
  if (response.status !== 200) throw errorFrom(result, request);
  const count = success(response);
  if (isEncoded(response) || !/^\uFEFF?\d{1,15}$/.test(count.body.toString('utf8'))) {
    throw invalidResponse(response, 'without a number');
  }
  return { ...count, contentType: 'text/plain' };
}

/**
 * Reads the response to a delete. A 404 is a success if Graph may have carried out an earlier
 * attempt. Throws like `readCreatedCustomer`.
 */
export function readDeleted(result: SendResult, request: UpstreamRequest): UpstreamResponse {
  const { response, mayBeDone } = result;
  const done = response.status >= 200 && response.status < 300;
  if (!done && !(response.status === 404 && mayBeDone)) throw errorFrom(result, request);
  return { ...withoutBody(response), status: 204, body: NO_BODY };
}

const NO_BODY = Buffer.alloc(0);

function success(response: WireResponse): UpstreamResponse {
  return { ...withoutBody(response), body: response.body };
}

function withoutBody(response: WireResponse): Omit<UpstreamResponse, 'body'> {
  return {
    status: response.status,
    contentType: header(response.headers, 'content-type') ?? 'application/json',
    headers: responseHeaders(response.headers),
    requestId: readableRequestId(header(response.headers, 'request-id')),
    date: header(response.headers, 'date'),
  };
}

function notModified(response: WireResponse): UpstreamResponse {
  return { ...withoutBody(response), body: NO_BODY };
}

/** The customer in the response to a write, and its id. */
function identified(response: WireResponse): { entity: Record<string, unknown>; id: string } {
  const entity = readJson(response);
  const id = isObject(entity) ? idIn(entity) : undefined;
  if (isObject(entity) && id !== undefined) return { entity, id };
  throw invalidResponse(response, 'without a booking customer');
}

function idIn({ id }: Record<string, unknown>): string | undefined {
  // A lone surrogate cannot be encoded in a URL.
  return typeof id === 'string' && id !== '' && id.isWellFormed() ? id : undefined;
}
