import { type RequestListener, type Server, createServer } from 'node:http';
import { GraphError } from '@bookings/domain';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { AnswerError } from './error-response.ts';
import { answerClientError, refuseOnSocket } from './client-errors.ts';
import { canonicalPath } from './odata-path.ts';
import { IdleConnections } from './idle-connections.ts';
import { OneAtATime } from './one-at-a-time.ts';

/** A request's headers and body must have arrived by then. */
const ARRIVAL_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that are too slow. */
const TIMEOUT_CHECK_MS = 1000;
export const MAX_HEADER_BYTES = 16_384;

type ServerOptions = FastifyHttpOptions<Server> & { skipMiddie: true; multipart: false };

/** How the server treats what arrives, before any of our hooks sees it. */
export function serverOptions(config: Config, answerRouterError: AnswerError): ServerOptions {
  return {
    bodyLimit: config.bodyLimitBytes,
    trustProxy: (address: string) => trusted(config, address),
    serverFactory: httpServer,
    routerOptions: {
      ignoreTrailingSlash: true,
      // An id is as long as the request line allows.
      maxParamLength: MAX_HEADER_BYTES,
    },
    rewriteUrl: (request) => canonicalPath(request.url ?? '/'),
    // The router's own errors come before any hook and pass every filter by.
    frameworkErrors: (error, request, reply) => {
      answerRouterError(request, reply, error);
    },
    clientErrorHandler: answerClientError,
    // Answers in a shape of its own; while the process ends, requests are served as before.
    return503OnClosing: false,
    skipMiddie: true,
    multipart: false,
  };
}

/** Connections are memory and descriptors; with all of them in use the next one is closed at once. */
const MAX_CONNECTIONS = 4096;
/** How long a connection may wait for its next request. */
const KEEP_ALIVE_MS = 72_000;

/** A server with our limits, which serves one request of a connection at a time. */
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
    new OneAtATime(serve, connections).accept,
  );
  server.maxConnections = MAX_CONNECTIONS;
  connections.watch(server);
  return server;
}

/** How long a connection may take to receive its answer. */
export function limitConnections(fastify: FastifyInstance): void {
  const { server } = fastify;
  // A client that does not read its answer keeps it here.
  fastify.addHook(
    'onSend',
    ({ raw: { headers, socket }, requestContext }, reply, payload, done) => {
      // Node reads nothing behind a request with `Upgrade`, which is not honoured here.
      if (headers.upgrade !== undefined) reply.header('connection', 'close');
      // A client that has disconnected takes nothing, and the end of its request is over.
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

/** CONNECT, which Node would answer by closing the connection. */
export function refuseConnect({ server }: FastifyInstance): void {
  server.on('connect', (_request, socket) => {
    const message = 'Specified HTTP method is not allowed for the request target.';
    refuseOnSocket(socket, new GraphError('Request_BadRequest', message));
  });
}

function trusted({ trustedProxies }: Config, address: string): boolean {
  // An IPv4 peer of a dual-stack socket.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return trustedProxies.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}
