import type { IncomingHttpHeaders } from 'node:http';
import type { TraceContext } from '../observability/tracing.ts';

/** Version, trace, span and flags (W3C Trace Context, 3.2). Zeros are no ids, and `ff` is no version. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
/** The list of `tracestate`: printable characters, and a bound on what is passed on. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** @returns undefined when the caller has sent none, or one that is malformed */
export function traceContextOf({ traceparent }: IncomingHttpHeaders): TraceContext | undefined {
  const [, traceId, parentId, flags] = TRACEPARENT.exec(String(traceparent)) ?? [];
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined;
  return { traceId, parentId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/**
 * The headers that carry the trace of the caller to Graph. An attempt in a trace of our own replaces
 * `traceparent`.
 *
 * @param traceId of the trace that the request belongs to
 */
export function traceHeaders(
  headers: IncomingHttpHeaders,
  traceId: string | undefined,
): Readonly<Record<string, string>> {
  const { traceparent, tracestate } = headers;
  const caller = traceContextOf(headers);
  if (caller === undefined || caller.traceId !== traceId) return {};
  return {
    ...(typeof traceparent === 'string' && { traceparent }),
    ...(typeof tracestate === 'string' && TRACESTATE.test(tracestate) && { tracestate }),
  };
}
