import { performance } from 'node:perf_hooks';
import { type GraphError, isWrite } from '@bookings/domain';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeInCauses, errorFields } from '../observability/error-fields.ts';
import type { LogFields } from '../observability/log-fields.ts';
import { Log } from '../observability/logging.ts';
import { Metrics, statusClass } from '../observability/metrics.ts';
import { isProbe } from './probe-routes.ts';
import { CLIENT_CLOSED_REQUEST, type RequestContext } from './request-context.ts';

type LoggedRequest = Pick<FastifyRequest, 'method' | 'requestContext'>;
type Level = 'debug' | 'info' | 'error';

const NOT_READY = 503;
const NANOSECONDS_PER_MS = 1_000_000;

/** Writes one log line and one observation per request: ids, figures and codes, no personal data. */
@Injectable()
export class RequestLog {
  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  logRequest(request: FastifyRequest, reply: FastifyReply, disconnected: boolean): void {
    if (disconnected) closeRequestContext(request.requestContext, performance.now());
    const status = statusOf(request, reply, disconnected);
    const other = otherOperation(request);
    this.#record(request, other, status, levelOf(request, status));
  }

  /** Logs a part of a batch that was refused before it became a request. */
  logRefusedPart(part: LoggedRequest, status: number): void {
    this.#record(part, 'other', status, status >= 500 ? 'error' : 'info');
  }

  /** @param other the operation in the metrics of a request that has none */
  #record(request: LoggedRequest, other: string, status: number, level: Level): void {
    const { requestContext } = request;
    const { operation = other, upstream } = requestContext;
    const status_class = statusClass(status);
    const durationMs = performance.now() - requestContext.arrivedAtMs;
    this.metrics.requests.inc({ operation, status });
    this.metrics.duration.observe({ operation, status_class }, durationMs / 1000);
    if (upstream.attempts > 0) {
      this.metrics.upstreamDuration.observe(
        { operation, status_class },
        upstream.upstreamMs / 1000,
      );
    }
    const causeFields = level === 'debug' ? {} : fieldsOfCause(requestContext, status);
    this.log.write('request', { ...causeFields, ...logFields(request, status, durationMs) }, level);
  }
}

/** The status of the log, the metrics and the trace. */
export function statusOf(
  { requestContext }: FastifyRequest,
  reply: FastifyReply,
  disconnected: boolean,
): number {
  if (!disconnected) return reply.raw.statusCode;
  return requestContext.socketStatus ?? CLIENT_CLOSED_REQUEST;
}

/** What the metrics call a request that is no operation: scanners and probes would hide the rest. */
function otherOperation(request: FastifyRequest): string {
  if (request.is404) return 'unknown-path';
  return isProbe(request) ? 'probe' : 'other';
}

/** "Not ready" is a valid response to a probe. The change of state has its own log line. */
function levelOf(request: FastifyRequest, status: number): Level {
  const isOfProbe = isProbe(request);
  if (status >= 500 && !(isOfProbe && status === NOT_READY)) return 'error';
  return isOfProbe ? 'debug' : 'info';
}

/** Completes the context of a client that disconnected before the upstream request has ended. */
function closeRequestContext(requestContext: RequestContext, nowMs: number): void {
  const { upstream } = requestContext;
  // Nothing was sent, or Graph has answered.
  if (upstream.attempts === 0 || upstream.upstreamMs > 0) return;
  upstream.upstreamMs = nowMs - (upstream.startedAtMs ?? nowMs);
  if (requestContext.operation !== undefined && isWrite(requestContext.operation))
    requestContext.outcome = 'unknown';
}

/** Which request this was, for its caller, for Graph and for tracing. */
function requestIds({ requestId, clientRequestId, traceId }: RequestContext): LogFields {
  return {
    'http.request.id': requestId,
    'bookings.client_request_id': clientRequestId,
    'trace.id': traceId,
  };
}

/** The log omits undefined fields. */
function logFields(
  { method, requestContext }: LoggedRequest,
  status: number,
  durationMs: number,
): LogFields {
  const { operation, caller, upstream, error } = requestContext;
  const sent = upstream.attempts > 0;
  return {
    ...requestIds(requestContext),
    'http.request.method': method,
    'event.action': operation,
    'http.response.status_code': status,
    'event.duration': Math.round(durationMs * NANOSECONDS_PER_MS),
    'bookings.queued_ms': sent ? tenths(upstream.queuedMs) : undefined,
    'bookings.upstream_ms': sent ? tenths(upstream.upstreamMs) : undefined,
    'bookings.attempts': sent ? upstream.attempts : undefined,
    'bookings.app_id': caller?.appId,
    'bookings.token_kind': caller?.kind,
    'error.code': error?.loggableCode,
    'bookings.token_rule': error?.rule,
    'bookings.aadsts': error?.aadsts,
    'bookings.refusal': status === 403 ? refusalOf(error) : undefined,
    'bookings.idempotency': requestContext.idempotency,
    'bookings.outcome': requestContext.outcome,
  };
}

/** Why the proxy refused a request: the codes of its details. */
function refusalOf(error: GraphError | undefined): readonly string[] | undefined {
  return error?.graphOrigin ? undefined : error?.details?.map(({ code }) => code);
}

/** The error in full, when the proxy failed or Graph did not answer. */
function fieldsOfCause({ error }: RequestContext, status: number): LogFields {
  if (!error || error.graphOrigin || status < 500) return {};
  const { cause } = error;
  if (cause === undefined) return errorFields(error);
  return { ...errorFields(cause), 'bookings.cause_code': codeInCauses(cause) };
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
