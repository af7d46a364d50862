import { type RequestListener, type Server, createServer } from 'node:http';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { batchPart } from './batch-context.ts';
import type { SendError } from './error-response.ts';
import { handleClientError, refuseOnSocket } from './client-errors.ts';
import { methodNotAllowed } from './errors.ts';
import { canonicalPath } from './odata-path.ts';
import { IdleConnections } from './idle-connections.ts';
import { PipelineQueue } from './pipeline-queue.ts';

/** How long the headers and the body of a request may take to arrive. */
const ARRIVAL_TIMEOUT_MS = 30_000;
/** How often Node checks for slow requests. */
const TIMEOUT_CHECK_MS = 1000;
export const MAX_HEADER_BYTES = 16_384;

type ServerOptions = FastifyHttpOptions<Server> & { skipMiddie: true; multipart: false };

/** Options of the HTTP server and the router, which apply before any hook. */
export function serverOptions(config: Config, sendError: SendError): ServerOptions {
  return {
    bodyLimit: config.bodyLimitBytes,
    trustProxy: (address: string) => trusted(config, address),
    serverFactory: httpServer,
    routerOptions: {
      ignoreTrailingSlash: true,
      // An id may be as long as the request line.
      maxParamLength: MAX_HEADER_BYTES,
    },
    rewriteUrl: (request) => {
      const path = canonicalPath(batchPart()?.target ?? request.url ?? '/');
      // `*`, and an absolute form without a path. The router would take both for `/`.
      return path.startsWith('/') ? path : `/${path}`;
    },
    // Errors of the router reach neither hooks nor exception filters.
    frameworkErrors: (error, request, reply) => {
      sendError(request, reply, error);
    },
    clientErrorHandler: handleClientError,
    // Fastify's own 503 is not in Graph's shape. `refuseWhileDraining` has the proxy's.
    return503OnClosing: false,
    skipMiddie: true,
    multipart: false,
  };
}

/** Bounds memory and file descriptors. Node closes a connection over the limit. */
const MAX_CONNECTIONS = 4096;
/** How long a connection may wait for its next request. */
const KEEP_ALIVE_MS = 72_000;

/** A server with these limits that serves one request per connection at a time. */
function httpServer(serve: RequestListener): Server {
  const connections = new IdleConnections();
  const server = createServer(
    {
      headersTimeout: ARRIVAL_TIMEOUT_MS,
      requestTimeout: ARRIVAL_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
    },
    new PipelineQueue(serve, connections).accept,
  );
  server.maxConnections = MAX_CONNECTIONS;
  connections.watch(server);
  return server;
}

/** Destroys a connection whose client does not read the response within the request timeout. */
export function limitResponseTime(fastify: FastifyInstance): void {
  const { server } = fastify;
  fastify.addHook(
    'onSend',
    ({ raw: { headers, socket }, requestContext }, reply, payload, done) => {
      // Node reads no further request after `Upgrade`, which this server ignores.
      if (headers.upgrade !== undefined) reply.header('connection', 'close');
      // After a disconnect, the handler that clears the timer has already run.
      if (!requestContext.disconnect.signal.aborted) {
        requestContext.responseTimeout = setTimeout(
          () => socket.destroy(),
          server.requestTimeout,
        ).unref();
      }
      done(null, payload);
    },
  );
}

/** Refuses CONNECT in Graph's shape. Node would close the connection without a response. */
export function refuseConnect({ server }: FastifyInstance): void {
  server.on('connect', (_request, socket) => {
    refuseOnSocket(socket, methodNotAllowed([]));
  });
}

function trusted({ trustedProxies }: Config, address: string): boolean {
  // A dual-stack socket reports an IPv4 peer as ::ffff:a.b.c.d.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return trustedProxies.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}
