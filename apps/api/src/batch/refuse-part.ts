import type { GraphError } from '@bookings/domain';
import type { RequestContext } from '../http/request-context.ts';
import type { RefusedParts } from '../observability/request-log.ts';
import type { BatchPart } from './batch-request.ts';
import { type PartAnswer, partAnswer } from './part-answer.ts';

/** Methods that only read: their errors have no outcome. */
const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Answers a part with an error before it becomes a request, and writes that down as for a request.
 *
 * @param batch of the request that brought the part
 * @param arrivedAtMs when its turn came, in milliseconds of `performance.now()`
 */
export function refusePart(
  part: BatchPart,
  error: GraphError,
  batch: RequestContext,
  arrivedAtMs: number,
  log: RefusedParts,
): PartAnswer {
  const requestContext: RequestContext = {
    ...batch,
    requestId: crypto.randomUUID(),
    arrivedAtMs,
    upstream: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    error,
    outcome: READING.includes(part.method) ? undefined : error.outcome,
  };
  log.record({ method: part.method, requestContext }, error.status);
  const headers = {
    ...error.headers,
    'Content-Type': 'application/json',
    'client-request-id': requestContext.clientRequestId,
    'request-id': requestContext.requestId,
  };
  const body = Buffer.from(JSON.stringify(error.toBody(requestContext)));
  return partAnswer(part.id, error.status, headers, body);
}
