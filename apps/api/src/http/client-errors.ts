import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, GraphError } from '@bookings/domain';

/** Parser errors of Node's that have a status of their own; any other is 400. */
const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['RequestHeaderFieldsTooLarge', 'The headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RequestTimeout', 'The request did not arrive within 30 s.'],
};

/** The request whose answer a connection waits for. */
const serving = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse }>();

/** Must be told of every request, so that no error is taken for its answer. */
export function servedOn(request: IncomingMessage, response: ServerResponse): void {
  serving.set(request.socket, { request, response });
}

/** Must be told when the answer is complete or its connection is gone. */
export function answeredOn({ socket }: IncomingMessage, response: ServerResponse): void {
  if (serving.get(socket)?.response === response) serving.delete(socket);
}

/** Connections that were answered for the last time; what still comes over one is thrown away. */
const answered = new WeakSet<Duplex>();
/**
 * How long that goes on: closed with something unread, a connection is reset, and the answer may be
 * lost on its way (RFC 9112, 9.6).
 */
const LINGER_MS = 1000;

/** Answers what never became a request, straight to the socket, where that can still be written. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (answered.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, message] = CODES[error.code ?? ''] ?? ['BadRequest', 'The request is malformed.'];
  refuseOnSocket(socket, new GraphError(code, message));
}

/** Answers with `error` on a connection that carries no further request, and closes it. */
export function refuseOnSocket(socket: Duplex, error: GraphError): void {
  // Node has taken its own listener off where it hands the socket over, as for CONNECT. An error
  // without a listener would end the process; the socket is destroyed in any case.
  socket.on('error', () => undefined);
  const served = serving.get(socket);
  if (served && (served.request.complete || served.response.headersSent)) {
    // A request of this connection is being carried out: the next thing that the caller reads must
    // be its answer. Nothing more is read.
    served.response.once('close', () => socket.destroy());
  } else {
    answerOnSocket(socket, error);
  }
}

/** An error in Graph's shape on a connection that is then closed. */
function answerOnSocket(socket: Duplex, error: GraphError): void {
  const ids = { requestId: crypto.randomUUID(), clientRequestId: crypto.randomUUID() };
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
