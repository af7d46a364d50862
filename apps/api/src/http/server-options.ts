import type { Server } from 'node:http';
import { GraphError } from '@bookings/domain';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { AnswerError } from './answer-error.ts';
import { answerClientError, answerOnSocket } from './client-errors.ts';
import { canonicalPath } from './graph-path.ts';

/** A request's headers and body must have arrived by then. */
const ARRIVAL_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that are too slow. */
const TIMEOUT_CHECK_MS = 1000;
const MAX_HEADER_BYTES = 16_384;

type ServerOptions = FastifyHttpOptions<Server> & { skipMiddie: true; multipart: false };

/** How the server treats what arrives, before any of our hooks sees it. */
export function serverOptions(config: Config, answerRouterError: AnswerError): ServerOptions {
  return {
    bodyLimit: config.bodyLimitBytes,
    trustProxy: (address: string) => trusted(config, address),
    requestTimeout: ARRIVAL_TIMEOUT_MS,
    http: {
      headersTimeout: ARRIVAL_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
    },
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

/** Held by callers that do nothing, they are memory and descriptors; the next one is closed at once. */
const MAX_CONNECTIONS = 4096;

/** How many connections there are, and how long one may take to receive its answer. */
export function limitConnections(fastify: FastifyInstance): void {
  const { server } = fastify;
  server.maxConnections = MAX_CONNECTIONS;
  // Who does not read its answer keeps it here: it must have left as fast as a request must arrive.
  fastify.addHook('onSend', ({ raw: { socket }, trail }, _reply, payload, done) => {
    // Who has left takes nothing, and the end of the request, which stops the clock, is over.
    if (!trail.departure.aborted) {
      trail.impatience = setTimeout(() => socket.destroy(), server.requestTimeout).unref();
    }
    done(null, payload);
  });
}

/** What Node would answer by itself, without a body or not at all. */
export function handleOddities({ server }: FastifyInstance): void {
  // An expectation that is not known may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => {
    const message = 'Specified HTTP method is not allowed for the request target.';
    answerOnSocket(socket, new GraphError('Request_BadRequest', message));
  });
}

function trusted({ trustedProxies }: Config, address: string): boolean {
  // An IPv4 peer of a dual-stack socket.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return trustedProxies.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}
