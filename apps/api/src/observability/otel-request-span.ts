import { GraphError, type AttemptSpan, type TracedAttempt } from '@bookings/domain';
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { RequestEnd, RequestSpan, RequestStart } from './tracing.ts';

/** The addresses that spans name, as attributes. They are settings, never what a caller has sent. */
export interface Servers {
  readonly graph: Attributes;
  readonly proxy: Attributes;
}

/** The methods that have their own name in the semantic conventions. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/**
 * The span of a request and those of its steps. Names and attributes are those of OpenTelemetry's
 * semantic conventions for HTTP, without `url.path`, `url.query` and `url.full`, which name customers.
 */
export class OtelRequestSpan implements RequestSpan {
  readonly #context: Context;

  private constructor(
    private readonly tracer: Tracer,
    private readonly servers: Servers,
    private readonly span: Span,
    parent: Context,
  ) {
    this.#context = trace.setSpan(parent, span);
  }

  static start(
    tracer: Tracer,
    servers: Servers,
    kind: SpanKind,
    { method, route, scheme }: RequestStart,
    parent: Context,
  ): OtelRequestSpan {
    const known = METHODS.includes(method) ? method : undefined;
    const attributes: Attributes = {
      'http.request.method': known ?? '_OTHER',
      ...(scheme !== undefined && { 'url.scheme': scheme }),
      ...(route !== undefined && { 'http.route': route }),
      ...servers.proxy,
    };
    const name = route === undefined ? (known ?? 'HTTP') : `${known ?? 'HTTP'} ${route}`;
    const span = tracer.startSpan(name, { kind, attributes }, parent);
    return new OtelRequestSpan(tracer, servers, span, parent);
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  part(start: RequestStart): OtelRequestSpan {
    const { tracer, servers } = this;
    return OtelRequestSpan.start(tracer, servers, SpanKind.INTERNAL, start, this.#context);
  }

  end({ status, code, outcome, idempotency }: RequestEnd): void {
    this.span.setAttributes({
      'http.response.status_code': status,
      ...(outcome !== undefined && { 'bookings.outcome': outcome }),
      ...(idempotency !== undefined && { 'bookings.idempotency': idempotency }),
    });
    if (status >= 500) fail(this.span, code ?? String(status));
    this.span.end();
  }

  mailboxWait<T>(work: () => Promise<T>): Promise<T> {
    return this.#step('mailbox wait', () => work());
  }

  storeEvent<T extends { readonly kind: string }>(
    event: string,
    work: () => Promise<T>,
  ): Promise<T> {
    return this.#step(`store ${event}`, async (span) => {
      const result = await work();
      span.setAttribute('bookings.store.result', result.kind);
      return result;
    });
  }

  attempt({ method, route, resendCount }: TracedAttempt): AttemptSpan {
    const attributes: Attributes = {
      'http.request.method': method,
      'url.template': route,
      ...this.servers.graph,
      ...(resendCount > 0 && { 'http.request.resend_count': resendCount }),
    };
    const options = { kind: SpanKind.CLIENT, attributes };
    const span = this.tracer.startSpan(`${method} ${route}`, options, this.#context);
    return {
      traceparent: traceparentOf(span),
      end: (result) => {
        if (typeof result === 'number') span.setAttribute('http.response.status_code', result);
        if (typeof result !== 'number' || result >= 400) fail(span, String(result));
        span.end();
      },
    };
  }

  async #step<T>(name: string, work: (span: Span) => Promise<T>): Promise<T> {
    const span = this.tracer.startSpan(name, { kind: SpanKind.INTERNAL }, this.#context);
    try {
      return await work(span);
    } catch (error) {
      fail(span, errorType(error));
      throw error;
    } finally {
      span.end();
    }
  }
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  // Without a message, which could name a customer.
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function errorType(error: unknown): string {
  if (error instanceof GraphError) return error.loggableCode;
  return error instanceof Error ? error.name : 'unknown';
}

export function addressOf(url: string): Attributes {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}

/** In version 00 of W3C Trace Context. */
function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
