import { OPERATIONS, type Operation, type OperationIds, operationPath } from '@bookings/domain';
import type { UpstreamRequest } from '@bookings/domain';
import type { RoutedRequest } from './retry/attempt.ts';
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
): RoutedRequest {
  const { method, path: template } = OPERATIONS[operation];
  const route = `${basePath}${template}`;
  const path = `${basePath}${operationPath(operation, ids)}${query === '' ? '' : `?${query}`}`;
  const headers = forwardedHeaders(request, token, body !== undefined);
  if (accept !== undefined) headers['accept'] = accept;
  const routed = { method, path, route, headers };
  return body === undefined ? routed : { ...routed, body };
}
