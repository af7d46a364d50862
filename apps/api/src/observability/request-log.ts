import { performance } from 'node:perf_hooks';
import { isWrite } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { RequestEnd, RequestContext } from '../http/request-context.ts';
import { isProbe } from '../http/probe-routes.ts';
import type { Metrics } from './metrics.ts';

/** What nginx calls a request whose caller closed the connection before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;
const NOT_READY = 503;

/** One log line and one observation per request: ids, figures and codes, nothing personal. */
export function requestEnds(log: Logger, metrics: Metrics): RequestEnd {
  const record = recorder(log, metrics);
  return (request, reply, disconnected) => {
    if (disconnected) closeRequestContext(request.requestContext, performance.now());
    const status = disconnected ? CLIENT_CLOSED_REQUEST : reply.raw.statusCode;
    record(request, status, levelOf(request, status));
  };
}

/** The same for parts of batches that were refused before they became requests. */
export class RefusedParts {
  readonly record: (part: Answered, status: number) => void;

  constructor(log: Logger, metrics: Metrics) {
    const record = recorder(log, metrics);
    this.record = (part, status) => {
      record(part, status, status >= 500 ? 'error' : 'info');
    };
  }
}

type Answered = Pick<FastifyRequest, 'method' | 'requestContext'>;

type Level = 'debug' | 'info' | 'error';

/** @returns a function that writes down one answer */
function recorder(log: Logger, metrics: Metrics) {
  return (request: Answered, status: number, level: Level): void => {
    const { requestContext } = request;
    const operation = requestContext.operation ?? 'none';
    const durationMs = performance.now() - requestContext.arrivedAtMs;
    metrics.requests.inc({ operation, status });
    metrics.duration.observe({ operation }, durationMs / 1000);
    if (requestContext.upstream.attempts > 0) {
      metrics.upstreamDuration.observe({ operation }, requestContext.upstream.upstreamMs / 1000);
    }
    const fields = entry(request, status, durationMs);
    const err = level === 'debug' ? undefined : faultOf(requestContext, status);
    log[level]({ ...fields, err }, 'request');
  };
}

/** "Not ready" is the answer to a probe, and no failure of it: the change of state has a line. */
function levelOf(request: FastifyRequest, status: number): Level {
  const isOfProbe = isProbe(request);
  if (status >= 500 && !(isOfProbe && status === NOT_READY)) return 'error';
  return isOfProbe ? 'debug' : 'info';
}

/** A client that disconnected is logged before the work for it has ended. */
function closeRequestContext(requestContext: RequestContext, nowMs: number): void {
  const { upstream } = requestContext;
  // Nothing was sent, or Graph has answered.
  if (upstream.attempts === 0 || upstream.upstreamMs > 0) return;
  upstream.upstreamMs = nowMs - (upstream.startedAtMs ?? nowMs);
  if (requestContext.operation !== undefined && isWrite(requestContext.operation))
    requestContext.outcome = 'unknown';
}

/** What is undefined is no member of the line. */
function entry({ method, requestContext }: Answered, status: number, durationMs: number) {
  const { operation, caller, upstream, error } = requestContext;
  const sent = upstream.attempts > 0;
  return {
    requestId: requestContext.requestId,
    clientRequestId: requestContext.clientRequestId,
    method,
    operation,
    status,
    durationMs: tenths(durationMs),
    queuedMs: sent ? tenths(upstream.queuedMs) : undefined,
    upstreamMs: sent ? tenths(upstream.upstreamMs) : undefined,
    attempts: sent ? upstream.attempts : undefined,
    appId: caller?.appId,
    tokenKind: caller?.kind,
    code: error?.loggableCode,
    idempotency: requestContext.idempotency,
    outcome: requestContext.outcome,
  };
}

/** What the log must tell more of: Graph did not answer, or we failed. */
function faultOf({ error }: RequestContext, status: number): unknown {
  return error && !error.answered && status >= 500 ? (error.cause ?? error) : undefined;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
