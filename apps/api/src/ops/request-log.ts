import { performance } from 'node:perf_hooks';
import { isWrite } from '@bookings/domain';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { RequestEnd, RequestTrail } from '../http/request-trail.ts';
import type { Metrics } from './metrics.ts';

/** What nginx calls a request whose caller closed the connection before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;
const NOT_READY = 503;

/** One log line and one observation per request: ids, figures and codes, nothing personal. */
export function requestEnds(log: Logger, metrics: Metrics): RequestEnd {
  const record = recorder(log, metrics);
  return (request, reply, departed) => {
    if (departed) closeTrail(request.trail, performance.now());
    const status = departed ? CLIENT_CLOSED_REQUEST : reply.raw.statusCode;
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

type Answered = Pick<FastifyRequest, 'method' | 'trail'>;

type Level = 'debug' | 'info' | 'error';

/** @returns a function that writes down one answer */
function recorder(log: Logger, metrics: Metrics) {
  return (request: Answered, status: number, level: Level): void => {
    const { trail } = request;
    const operation = trail.operation ?? 'none';
    const durationMs = performance.now() - trail.arrivedAtMs;
    metrics.requests.inc({ operation, status });
    metrics.duration.observe({ operation }, durationMs / 1000);
    if (trail.upstream.attempts > 0) {
      metrics.upstreamDuration.observe({ operation }, trail.upstream.upstreamMs / 1000);
    }
    const fields = entry(request, status, durationMs);
    const err = level === 'debug' ? undefined : faultOf(trail, status);
    log[level]({ ...fields, err }, 'request');
  };
}

/** "Not ready" is the answer to a probe, and no failure of it: the change of state has a line. */
function levelOf(request: FastifyRequest, status: number): Level {
  const isOfProbe = isProbe(request);
  if (status >= 500 && !(isOfProbe && status === NOT_READY)) return 'error';
  return isOfProbe ? 'debug' : 'info';
}

/** A caller that left is logged before the work for it has ended. */
function closeTrail(trail: RequestTrail, nowMs: number): void {
  const { upstream } = trail;
  if (upstream.attempts === 0) return;
  upstream.upstreamMs = nowMs - (upstream.startedAtMs ?? nowMs);
  if (trail.operation !== undefined && isWrite(trail.operation)) trail.outcome = 'unknown';
}

/** What is undefined is no member of the line. */
function entry({ method, trail }: Answered, status: number, durationMs: number) {
  const { operation, caller, upstream, error } = trail;
  const sent = upstream.attempts > 0;
  return {
    requestId: trail.requestId,
    clientRequestId: trail.clientRequestId,
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
    idempotency: trail.idempotency,
    outcome: trail.outcome,
  };
}

/** What the log must tell more of: Graph did not answer, or we failed. */
function faultOf({ error }: RequestTrail, status: number): unknown {
  return error && !error.answered && status >= 500 ? (error.cause ?? error) : undefined;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function isProbe(request: FastifyRequest): boolean {
  return !request.is404 && request.routeOptions.config.open === true;
}
