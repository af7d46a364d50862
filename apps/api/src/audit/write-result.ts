import { GraphError, type UpstreamResponse, type UpstreamRequest } from '@bookings/domain';
import { CLIENT_CLOSED_REQUEST } from '../http/request-context.ts';
import type { WriteResult } from './audit-record.ts';

/** The result of a write with a response. */
export function responseResult(response: UpstreamResponse, request: UpstreamRequest): WriteResult {
  return {
    // Graph answers 304 when it has changed nothing.
    outcome: response.status < 300 ? 'done' : 'refused',
    status: response.status,
    code: undefined,
    attempts: request.trace.attempts,
    requestId: response.requestId ?? request.requestId,
  };
}

/** The result of a write that failed, or whose client disconnected. */
export function errorResult(error: unknown, request: UpstreamRequest): WriteResult {
  const { attempts } = request.trace;
  const requestId = request.requestId;
  const fallback = attempts === 0 ? 'not-sent' : 'unknown';
  if (error instanceof GraphError) {
    const { status, loggableCode: code } = error;
    const outcome = error.outcome ?? (attempts > 0 && status < 500 ? 'refused' : fallback);
    return { outcome, status, code, attempts, requestId: error.requestId ?? requestId };
  }
  if (request.signal.aborted) {
    const status = CLIENT_CLOSED_REQUEST;
    return { outcome: fallback, status, code: undefined, attempts, requestId };
  }
  return { outcome: fallback, status: 500, code: 'InternalServerError', attempts, requestId };
}
