import type { FastifyRequest } from 'fastify';
import type { RequestEnd, RequestStart, Tracer } from '../observability/tracing.ts';
import { batchPart } from './batch-context.ts';
import { schemeOf } from './customers-url.ts';
import { routeTemplate } from './known-routes.ts';
import { isProbe } from './probe-routes.ts';
import type { RequestContext } from './request-context.ts';
import { traceContextOf } from './trace-context.ts';

/** Gives each request its place in a trace: that of the caller, of its batch, or one of its own. */
export class RequestTraces {
  /** @param tracer undefined when traces are not exported; then only the caller's ids are noted */
  constructor(private readonly tracer: Tracer | undefined) {}

  start(request: FastifyRequest): void {
    const { requestContext, headers } = request;
    const batch = batchPart();
    const caller = traceContextOf(headers);
    if (this.tracer && !isProbe(request)) {
      const start = startOf(request);
      requestContext.span = batch?.span?.part(start) ?? this.tracer.start(start, caller);
    }
    requestContext.traceId = requestContext.span?.traceId ?? caller?.traceId ?? batch?.traceId;
  }

  end({ requestContext }: FastifyRequest, status: number): void {
    requestContext.span?.end(endOf(requestContext, status));
  }
}

function startOf(request: FastifyRequest): RequestStart {
  const { url } = request.is404 ? {} : request.routeOptions;
  return {
    method: request.method,
    route: url === undefined ? undefined : routeTemplate(url),
    scheme: schemeOf(request),
  };
}

export function endOf({ error, outcome, idempotency }: RequestContext, status: number): RequestEnd {
  return { status, code: error?.loggableCode, outcome, idempotency };
}
