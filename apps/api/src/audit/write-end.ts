import { GraphError, type UpstreamResponse, type UpstreamRequest } from '@bookings/domain';
import type { AuditOutcome } from './audit-record.ts';

/** How a write ended, as far as its outcome is concerned. */
export type WriteEnd = Pick<AuditOutcome, 'outcome' | 'status' | 'code' | 'attempts' | 'requestId'>;

/** What nginx calls a request whose caller closed the connection before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;

export function answered(answer: UpstreamResponse, request: UpstreamRequest): WriteEnd {
  return {
    // 304: Graph answered that there was nothing to do.
    outcome: answer.status < 300 ? 'done' : 'refused',
    status: answer.status,
    code: undefined,
    attempts: request.trace.attempts,
    requestId: answer.requestId ?? request.requestId,
  };
}

export function failed(error: unknown, request: UpstreamRequest): WriteEnd {
  const { attempts } = request.trace;
  const requestId = request.requestId;
  const untold = attempts === 0 ? 'not-sent' : 'unknown';
  if (error instanceof GraphError) {
    const { status, loggableCode: code } = error;
    const outcome = error.outcome ?? (attempts > 0 && status < 500 ? 'refused' : untold);
    return { outcome, status, code, attempts, requestId: error.requestId ?? requestId };
  }
  if (request.signal.aborted) {
    const status = CLIENT_CLOSED_REQUEST;
    return { outcome: untold, status, code: undefined, attempts, requestId };
  }
  return { outcome: untold, status: 500, code: 'InternalServerError', attempts, requestId };
}
