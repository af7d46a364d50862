import type { GraphError } from '@bookings/domain';
import type { RequestContext } from '../http/request-context.ts';
import { endOf } from '../http/request-traces.ts';
import type { RequestLog } from '../http/request-log.ts';
import type { BatchPart } from './batch-request.ts';
import { type PartResponse, partResponse } from './part-response.ts';

/** Safe methods. Their errors have no outcome. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Answers a part with an error before it becomes a request, and logs it like a request.
 *
 * @param batch the context of the batch request
 * @param arrivedAtMs when the part started, by `performance.now()`
 */
export function refusePart(
  part: BatchPart,
  error: GraphError,
  batch: RequestContext,
  arrivedAtMs: number,
  log: RequestLog,
): PartResponse {
  const requestContext: RequestContext = {
    ...batch,
    requestId: crypto.randomUUID(),
    arrivedAtMs,
    span: batch.span?.part({ method: part.method, route: undefined }),
    upstream: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    error,
    outcome: SAFE_METHODS.includes(part.method) ? undefined : error.outcome,
  };
  const { span } = requestContext;
  span?.end(endOf(requestContext, error.status));
  log.logRefusedPart({ method: part.method, requestContext }, error.status);
  const headers = {
    ...error.headers,
    'Content-Type': 'application/json',
    'client-request-id': requestContext.clientRequestId,
    'request-id': requestContext.requestId,
  };
  const body = Buffer.from(JSON.stringify(error.toBody(requestContext)));
  return partResponse(part.id, error.status, headers, body);
}
