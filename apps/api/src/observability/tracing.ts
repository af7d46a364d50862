import type { Outcome, RequestSpans } from '@bookings/domain';

/** The trace and the span of a caller (W3C Trace Context). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly parentId: string;
  readonly isSampled: boolean;
}

export interface RequestStart {
  readonly method: string;
  /** The path with its parameters in braces; undefined when no route has it. */
  readonly route: string | undefined;
  /** Undefined for a part that a batch refuses, which is no request of its own. */
  readonly scheme?: 'http' | 'https';
}

export interface RequestEnd {
  readonly status: number;
  /** The code of the error, if the response is one. */
  readonly code: string | undefined;
  readonly outcome: Outcome | undefined;
  readonly idempotency: 'created' | 'adopted' | 'replayed' | undefined;
}

/** The span of a request. Implementations never throw. */
export interface RequestSpan extends RequestSpans {
  readonly traceId: string;
  /** Starts the span of a part of this batch. */
  part(start: RequestStart): RequestSpan;
  end(end: RequestEnd): void;
}

/** Makes traces of requests. */
export interface Tracer {
  /** @param caller undefined for a trace of its own */
  start(start: RequestStart, caller: TraceContext | undefined): RequestSpan;
  /** Exports what has ended. Never rejects, and does not wait for a collector that is away. */
  close(): Promise<void>;
}
