import { OPERATIONS, type Operation, type OperationIds, operationPath } from '@bookings/domain';
import type { UpstreamRequest } from '@bookings/domain';
import type { WireRequest } from './transport/exchange.ts';
import { forwardedHeaders } from './transport/headers.ts';

/** The part of a request that differs between operations. */
export interface GraphRequest extends OperationIds {
  readonly operation: Operation;
  /** As `readQueryOptions` returns it. */
  readonly query?: string;
  readonly body?: string;
  readonly maxBodyBytes?: number;
  /** Replaces the `Accept` header of the caller. */
  readonly accept?: string;
}

/** @param basePath the path of Graph's base URL, such as `/v1.0` */
export function wireRequest(
  { operation, query = '', body, accept, ...ids }: GraphRequest,
  request: UpstreamRequest,
  token: string,
  basePath: string,
): WireRequest {
  const { method } = OPERATIONS[operation];
  const path = `${basePath}${operationPath(operation, ids)}${query === '' ? '' : `?${query}`}`;
  const headers = forwardedHeaders(request, token, body !== undefined);
  if (accept !== undefined) headers['accept'] = accept;
  return body === undefined ? { method, path, headers } : { method, path, headers, body };
}
