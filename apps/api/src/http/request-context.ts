import { performance } from 'node:perf_hooks';
import {
  type Caller,
  GraphError,
  type Operation,
  type Outcome,
  type UpstreamTrace,
} from '@bookings/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { batchSignal } from './batch-context.ts';
import { badRequest } from './bad-request.ts';
import { answeredOn, servedOn } from './client-errors.ts';
import { isProbe } from './probe-routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    requestContext: RequestContext;
  }
}

/** What is known of a request on its way through: for its answer, its log line and its metrics. */
export interface RequestContext {
  /** Graph's once Graph has answered, until then the proxy's. */
  requestId: string;
  /** The caller's when it sent a UUID, else a new one. */
  readonly clientRequestId: string;
  readonly arrivedAtMs: number;
  /** Aborted when the client disconnects before its answer is complete. */
  readonly disconnect: AbortController;
  readonly upstream: UpstreamTrace;
  operation?: Operation;
  caller?: Caller;
  callerToken?: string;
  error?: GraphError;
  outcome?: Outcome | undefined;
  /** Ends a connection that does not take its answer; from when the answer is sent. */
  responseTimeout?: NodeJS.Timeout;
  /** How a create with an Idempotency-Key came to its 201. */
  idempotency?: 'created' | 'adopted' | 'replayed';
}

/**
 * Called once per request, when its response is complete or its connection is gone.
 *
 * @param disconnected whether the client left before it had the whole response
 */
export type RequestEnd = (
  request: FastifyRequest,
  reply: FastifyReply,
  disconnected: boolean,
) => void;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOST = /^[\w.\-:[\]]+$/;
/** Header fields that a request has once. Node keeps the first of several without an error. */
const SINGLE_FIELDS = ['host', 'content-type'];
/** Node drops header fields after the first 2,000 without an error. */
export const MOST_FIELDS = 100;

/** Gives every request its ids, its clock and its end; must be the first hook. */
export function trackRequests(
  fastify: FastifyInstance,
  begun: () => void,
  ended: RequestEnd,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    openRequestContext(request, reply, begun, ended);
    done(fieldFault(request));
  });
}

/** Whether `text` can be the host, and port, of a URL. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** How often a request has the header field `name`, in lower case. */
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
  if (request.raw.rawHeaders.length > 2 * MOST_FIELDS) {
    const message = `There are more than ${MOST_FIELDS} headers.`;
    return new GraphError('RequestHeaderFieldsTooLarge', message);
  }
  for (const name of SINGLE_FIELDS) {
    if (timesSent(request, name) > 1) return badRequest(`There must be one ${name} header.`, name);
  }
  const { 'transfer-encoding': encoding, host = '' } = request.headers;
  // Node decodes chunks but no compression.
  if (encoding !== undefined && !/^(?:chunked)?$/i.test(encoding)) {
    return badRequest('Transfer-Encoding must be chunked.', 'transfer-encoding');
  }
  // Node does not check it (`requireHostHeader`), so that the refusal has Graph's shape.
  return isHost(host) || isOldProbe(request)
    ? undefined
    : badRequest('Host is missing or malformed.', 'host');
}

/** A probe in HTTP/1.0, which does not know `Host`. HAProxy's plain check sends one. */
function isOldProbe(request: FastifyRequest): boolean {
  const { httpVersion, headers } = request.raw;
  return httpVersion === '1.0' && headers.host === undefined && isProbe(request);
}

/** Must be called once for every request, also for one that the router refuses before any hook. */
export function openRequestContext(
  request: FastifyRequest,
  reply: FastifyReply,
  begun: () => void,
  ended: RequestEnd,
): void {
  const offered = request.headers['client-request-id'];
  const requestContext: RequestContext = {
    requestId: crypto.randomUUID(),
    clientRequestId:
      typeof offered === 'string' && UUID.test(offered) ? offered : crypto.randomUUID(),
    arrivedAtMs: performance.now(),
    disconnect: new AbortController(),
    upstream: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
  request.requestContext = requestContext;
  begun();
  servedOn(request.raw, reply.raw);
  const ofBatch = batchSignal();
  // Node emits `close` once, however a response ends.
  reply.raw.on('close', () => {
    answeredOn(request.raw, reply.raw);
    clearTimeout(requestContext.responseTimeout);
    // A part of a batch has no socket: its response is complete once it has ended.
    const disconnected = !(ofBatch ? reply.raw.writableEnded : reply.raw.writableFinished);
    if (disconnected) requestContext.disconnect.abort(new Error('the client disconnected'));
    ended(request, reply, disconnected);
  });
  const destroy = () => reply.raw.destroy();
  if (ofBatch?.aborted) destroy();
  else ofBatch?.addEventListener('abort', destroy);
}

/** Sets a response's ids and `no-store`; the last step before it is sent. */
export function setRequestIdHeaders(reply: FastifyReply, requestContext: RequestContext): void {
  reply.header('cache-control', 'no-store');
  reply.header('request-id', requestContext.requestId);
  reply.header('client-request-id', requestContext.clientRequestId);
}
