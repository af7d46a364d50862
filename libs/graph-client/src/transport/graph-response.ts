import {
  type CreatedCustomer,
  type UpstreamResponse,
  type UpstreamRequest,
  isObject,
} from '@bookings/domain';
import { isEncoded, readJson } from './json-response.ts';
import { errorIn, unintelligible } from './error-response.ts';
import type { WireResponse } from './exchange.ts';
import { header, readableRequestId, responseHeaders } from './headers.ts';
import { type LinkTargets, withOwnLinks } from '../paging/page-links.ts';
import type { Sent } from '../retry/send.ts';

/**
 * The created customer in Graph's answer to a create.
 *
 * @throws GraphError Graph's own error, or ours when the answer cannot be understood
 */
export function createdCustomer(sent: Sent, request: UpstreamRequest): CreatedCustomer {
  const { answer } = sent;
  if (answer.status !== 201 && answer.status !== 200) throw errorIn(sent, request);
  const entity = readJson(answer);
  const id = isObject(entity) ? idIn(entity) : undefined;
  if (!isObject(entity) || id === undefined) {
    throw unintelligible(answer, 'without a booking customer');
  }
  const { displayName } = entity;
  return {
    ...success(answer),
    status: 201,
    id,
    displayName: typeof displayName === 'string' ? displayName : undefined,
  };
}

/** One customer in Graph's answer. With `$select` it need not have an id. Throws as `createdCustomer`. */
export function customerIn(sent: Sent, request: UpstreamRequest): UpstreamResponse {
  const { answer } = sent;
  if (answer.status === 304) return notModified(answer);
  if (answer.status !== 200) throw errorIn(sent, request);
  if (!isObject(readJson(answer))) throw unintelligible(answer, 'without a booking customer');
  return success(answer);
}

/** A page of customers, with links of the proxy's own. Throws as `createdCustomer`. */
export function pageIn(sent: Sent, request: UpstreamRequest, targets: LinkTargets): UpstreamResponse {
  const { answer } = sent;
  if (answer.status === 304) return notModified(answer);
  if (answer.status !== 200) throw errorIn(sent, request);
  const page = readJson(answer);
  if (!isObject(page) || !Array.isArray(page['value'])) {
    throw unintelligible(answer, 'without a list of customers');
  }
  const found = success(answer);
  return { ...found, body: withOwnLinks(found.body, page, targets, found.requestId) };
}

/** How many customers there are. Throws as `createdCustomer`. */
export function countIn(sent: Sent, request: UpstreamRequest): UpstreamResponse {
  const { answer } = sent;
  if (answer.status === 304) return notModified(answer);
  if (answer.status !== 200) throw errorIn(sent, request);
  const count = success(answer);
  if (isEncoded(answer) || !/^\uFEFF?\d{1,15}$/.test(count.body.toString('utf8'))) {
    throw unintelligible(answer, 'without a number');
  }
  return { ...count, contentType: 'text/plain' };
}

/**
 * That a customer is gone. Nothing to delete means the same where an earlier attempt may have been
 * carried out. Throws as `createdCustomer`.
 */
export function deleted(sent: Sent, request: UpstreamRequest): UpstreamResponse {
  const { answer, perhapsDoneBefore } = sent;
  const done = answer.status >= 200 && answer.status < 300;
  if (!done && !(answer.status === 404 && perhapsDoneBefore)) throw errorIn(sent, request);
  return { ...described(answer), status: 204, body: NOTHING };
}

const NOTHING = Buffer.alloc(0);

function success(answer: WireResponse): UpstreamResponse {
  return { ...described(answer), body: answer.body };
}

function described(answer: WireResponse): Omit<UpstreamResponse, 'body'> {
  return {
    status: answer.status,
    contentType: header(answer.headers, 'content-type') ?? 'application/json',
    headers: responseHeaders(answer.headers),
    requestId: readableRequestId(header(answer.headers, 'request-id')),
    date: header(answer.headers, 'date'),
  };
}

function notModified(answer: WireResponse): UpstreamResponse {
  return { ...described(answer), body: NOTHING };
}

function idIn({ id }: Record<string, unknown>): string | undefined {
  // A lone surrogate cannot be part of an address.
  return typeof id === 'string' && id !== '' && id.isWellFormed() ? id : undefined;
}
