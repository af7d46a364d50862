import { performance } from 'node:perf_hooks';
import {
  type Caller,
  GraphError,
  type Operation,
  type Outcome,
  type UpstreamTrace,
} from '@bookings/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badRequest } from './bad-request.ts';
import { batchSignal } from '../batch/batch-context.ts';
import { answeredOn, servedOn } from './client-errors.ts';

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

/** Called once per request, when its answer is complete or its connection is gone. */
export type RequestEnd = (request: FastifyRequest, reply: FastifyReply, departed: boolean) => void;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOST = /^[\w.\-:[\]]+$/;
/** Fields that a request has once; of several Node keeps the first and says nothing. */
const SINGLE_FIELDS = ['host', 'content-type'];
/** Node would leave out what comes after 2,000 of them, and say nothing. */
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
  // Node reads the chunks and leaves their compression to whoever thinks of it.
  if (encoding !== undefined && !/^(?:chunked)?$/i.test(encoding)) {
    return badRequest('Transfer-Encoding must be chunked.', 'transfer-encoding');
  }
  // Node is told not to ask for it, so that the refusal has Graph's shape.
  return isHost(host) || isOldProbe(request)
    ? undefined
    : badRequest('Host is missing or malformed.', 'host');
}

const PROBES: readonly string[] = ['/livez', '/readyz', '/metrics'];

/** A probe in HTTP/1.0, which knows no `Host`: HAProxy's plain check is one. */
function isOldProbe({ raw, routeOptions }: FastifyRequest): boolean {
  const isOld = raw.httpVersion === '1.0' && raw.headers.host === undefined;
  return isOld && PROBES.includes(routeOptions.url ?? '');
}

/** For requests that the router refuses before any hook runs. */
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
  ofBatch?.addEventListener('abort', () => reply.raw.destroy());
  // Once, however an answer ends: Node sees to it, so that nothing has to be taken off again.
  reply.raw.on('close', () => {
    answeredOn(request.raw, reply.raw);
    clearTimeout(requestContext.responseTimeout);
    // The bytes of a part of a batch cross no socket: its answer is complete once it has ended.
    const departed = !(ofBatch ? reply.raw.writableEnded : reply.raw.writableFinished);
    if (departed) requestContext.disconnect.abort(new Error('the client disconnected'));
    ended(request, reply, departed);
  });
}

/** Puts on an answer its ids, and that nobody keeps it; the last thing before it is sent. */
export function setRequestIdHeaders(reply: FastifyReply, requestContext: RequestContext): void {
  reply.header('cache-control', 'no-store');
  reply.header('request-id', requestContext.requestId);
  reply.header('client-request-id', requestContext.clientRequestId);
}
