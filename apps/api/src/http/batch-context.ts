import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestSpan } from '../observability/tracing.ts';

/** What a part of a batch has in addition to its injected request. */
export interface BatchPartContext {
  /** Aborts when the client of the batch disconnects. */
  readonly signal: AbortSignal;
  /** The path and query as the part has them. The URL parser of the injection would change some. */
  readonly target: string;
  /** The client-request-id that the proxy has made for the batch; undefined if the caller sent one. */
  readonly madeRequestId: string | undefined;
  /** The trace of the batch. */
  readonly traceId: string | undefined;
  /** The span of the batch; undefined when traces are not exported. */
  readonly span: RequestSpan | undefined;
}

const contexts = new AsyncLocalStorage<BatchPartContext>();

/** Runs `work`, which injects a request, as a part of a batch. */
export function asBatchPart<T>(context: BatchPartContext, work: () => Promise<T>): Promise<T> {
  return contexts.run(context, work);
}

/** The context of the current request within its batch; undefined for a request of its own. */
export function batchPart(): BatchPartContext | undefined {
  return contexts.getStore();
}
