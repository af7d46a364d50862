import { performance } from 'node:perf_hooks';
import {
  type Caller,
  GraphError,
  type Operation,
  type Outcome,
  type UpstreamTrace,
} from '@bookings/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestSpan } from '../observability/tracing.ts';
import { batchPart } from './batch-context.ts';
import { badRequest } from './bad-request.ts';
import { requestEnded, requestStarted } from './client-errors.ts';
import { isProbe } from './probe-routes.ts';
import { isUuid } from './uuid.ts';

declare module 'fastify' {
  interface FastifyRequest {
    requestContext: RequestContext;
  }
}

/** What is known about a request: for its response, its log line and its metrics. */
export interface RequestContext {
  /** The proxy's, and Graph's once Graph has answered. */
  requestId: string;
  /** The caller's if it sent a UUID, otherwise a new one. */
  readonly clientRequestId: string;
  /** The caller's alone: undefined when the proxy has made the `clientRequestId`. */
  readonly callerRequestId: string | undefined;
  readonly arrivedAtMs: number;
  /** Aborts when the client disconnects before the response is complete. */
  readonly disconnect: AbortController;
  readonly upstream: UpstreamTrace;
  /** The trace that the request belongs to: its own, or the caller's when traces are not exported. */
  traceId?: string | undefined;
  /** Undefined when traces are not exported. */
  span?: RequestSpan | undefined;
  operation?: Operation;
  caller?: Caller;
  callerToken?: string;
  error?: GraphError;
  outcome?: Outcome | undefined;
  /** The status of a response on the socket itself, to a request whose body could not be read. */
  socketStatus?: number;
  /** Destroys the connection if the client does not read the response. Starts when it is sent. */
  responseTimeout?: NodeJS.Timeout;
  /** How a create with an Idempotency-Key was answered with 201. */
  idempotency?: 'created' | 'adopted' | 'replayed';
}

/** Called at the start and the end of every request. */
export interface RequestObserver {
  onRequestStart(request: FastifyRequest): void;
  /**
   * The response is complete, or its connection is closed.
   *
   * @param disconnected whether the client disconnected before the response was complete
   */
  onRequestEnd(request: FastifyRequest, reply: FastifyReply, disconnected: boolean): void;
}

/** The status that nginx logs when the client closed the connection before the response. */
export const CLIENT_CLOSED_REQUEST = 499;

const HOST = /^[\w.\-:[\]]+$/;
/** Header fields that may occur once. Node silently keeps the first of several. */
const SINGLE_FIELDS = ['host', 'content-type'];
/** The most header fields of a request. Node silently drops those after the first 2,000. */
export const MAX_HEADER_FIELDS = 100;

/** Opens a context for every request. Must be the first hook. */
export function trackRequests(fastify: FastifyInstance, observer: RequestObserver): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    openRequestContext(request, reply, observer);
    done(fieldFault(request));
  });
}

/** Whether `text` can be the host, and port, of a URL. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** @param name in lower case */
export function timesSent(request: FastifyRequest, name: string): number {
  const { rawHeaders } = request.raw;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index];
    if (field?.length === name.length && field.toLowerCase() === name) count += 1;
  }
  return count;
}

function fieldFault(request: FastifyRequest): Error | undefined {
  if (request.raw.rawHeaders.length > 2 * MAX_HEADER_FIELDS) {
    const message = `There are more than ${MAX_HEADER_FIELDS} headers.`;
    return new GraphError('RequestHeaderFieldsTooLarge', message);
  }
  for (const name of SINGLE_FIELDS) {
    if (timesSent(request, name) > 1) return badRequest(`There must be one ${name} header.`, name);
  }
  const { 'transfer-encoding': encoding, host = '' } = request.headers;
  // Node decodes chunks, and no other transfer coding.
  if (encoding !== undefined && !/^(?:chunked)?$/i.test(encoding)) {
    return badRequest('Transfer-Encoding must be chunked.', 'transfer-encoding');
  }
  // `requireHostHeader` is off: Node's own 400 is not in Graph's shape.
  return isHost(host) || isOldProbe(request)
    ? undefined
    : badRequest('Host is missing or malformed.', 'host');
}

/** Whether this is a probe in HTTP/1.0 without `Host`, as HAProxy's plain check sends it. */
function isOldProbe(request: FastifyRequest): boolean {
  const { httpVersion, headers } = request.raw;
  return httpVersion === '1.0' && headers.host === undefined && isProbe(request);
}

/** Must be called once per request, also for one that the router refuses before any hook. */
export function openRequestContext(
  request: FastifyRequest,
  reply: FastifyReply,
  observer: RequestObserver,
): void {
  const offered = request.headers['client-request-id'];
  const batch = batchPart();
  const valid = typeof offered === 'string' && isUuid(offered) ? offered : undefined;
  const requestContext: RequestContext = {
    requestId: crypto.randomUUID(),
    clientRequestId: valid ?? crypto.randomUUID(),
    callerRequestId: valid === batch?.madeRequestId ? undefined : valid,
    arrivedAtMs: performance.now(),
    disconnect: new AbortController(),
    upstream: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
  request.requestContext = requestContext;
  observer.onRequestStart(request);
  requestStarted(request.raw, reply.raw, (error) => {
    requestContext.error = error;
    requestContext.socketStatus = error.status;
    return requestContext;
  });
  // Node emits `close` exactly once per response.
  reply.raw.on('close', () => {
    requestEnded(request.raw, reply.raw);
    clearTimeout(requestContext.responseTimeout);
    // A part of a batch has no socket, so its response is complete when it has ended.
    const disconnected = !(batch ? reply.raw.writableEnded : reply.raw.writableFinished);
    if (disconnected) requestContext.disconnect.abort(new Error('the client disconnected'));
    observer.onRequestEnd(request, reply, disconnected);
  });
  const destroy = () => reply.raw.destroy();
  if (batch?.signal.aborted) destroy();
  else batch?.signal.addEventListener('abort', destroy);
}

/** Sets the request ids and `no-store` on a response. */
export function setRequestIdHeaders(reply: FastifyReply, requestContext: RequestContext): void {
  reply.header('cache-control', 'no-store');
  reply.header('request-id', requestContext.requestId);
  reply.header('client-request-id', requestContext.clientRequestId);
}
