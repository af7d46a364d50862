import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, GraphError } from '@bookings/domain';

/** Errors of Node's HTTP parser with a status of their own. All others are answered with 400. */
const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['RequestHeaderFieldsTooLarge', 'The headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RequestTimeout', 'The request did not arrive within 30 s.'],
};

/** The ids in a response. */
interface Ids {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** The request that a connection is serving. */
interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly onRefused: (error: GraphError) => Ids;
}

const serving = new WeakMap<Duplex, Served>();

/**
 * Must be called at the start of every request, so that an error is not read as its response.
 *
 * @param onRefused called when the body cannot be read to its end. Returns the ids of the request.
 */
export function requestStarted(
  request: IncomingMessage,
  response: ServerResponse,
  onRefused: (error: GraphError) => Ids,
): void {
  serving.set(request.socket, { request, response, onRefused });
}

/** Must be called when the response is complete or its connection is closed. */
export function requestEnded({ socket }: IncomingMessage, response: ServerResponse): void {
  if (serving.get(socket)?.response === response) serving.delete(socket);
}

/** Connections that have had their last response. Further input is discarded. */
const answered = new WeakSet<Duplex>();
/**
 * How long input is discarded. Closing a connection with unread input resets it, and the client may
 * lose the response (RFC 9112, 9.6).
 */
const LINGER_MS = 1000;

/** Answers a request that Node could not parse, directly on the socket. */
export function handleClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (answered.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, message] = CODES[error.code ?? ''] ?? ['BadRequest', 'The request is malformed.'];
  refuseOnSocket(socket, new GraphError(code, message));
}

/** Sends `error` on a connection without a further request, and closes the connection. */
export function refuseOnSocket(socket: Duplex, error: GraphError): void {
  // For CONNECT, Node has removed its own listener. An error without a listener would end the
  // process.
  socket.on('error', () => undefined);
  const served = serving.get(socket);
  if (served && (served.request.complete || served.response.headersSent)) {
    // A request is being served. The client must read its response next.
    served.response.once('close', () => socket.destroy());
  } else {
    sendOnSocket(socket, error, served?.onRefused(error));
  }
}

/** For what is no request. */
function newIds(): Ids {
  return { requestId: crypto.randomUUID(), clientRequestId: crypto.randomUUID() };
}

/** Writes an error response in Graph's shape and closes the connection. */
function sendOnSocket(socket: Duplex, error: GraphError, ids = newIds()): void {
  const body = JSON.stringify(error.toBody(ids));
  const headers = Object.entries({
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    ...error.headers,
    Connection: 'close',
  });
  answered.add(socket);
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(lingering);
  });
  socket.end(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}
