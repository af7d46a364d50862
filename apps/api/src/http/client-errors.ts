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
  const served = serving.get(socket);
  if (answered.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
  } else if (served && (served.request.complete || served.response.headersSent)) {
    // What is wrong came behind a request that is being carried out: the next thing that the
    // caller reads must be the answer to that one. Nothing more is read from it.
    served.response.once('close', () => socket.destroy());
  } else {
    const [code, message] = CODES[error.code ?? ''] ?? ['BadRequest', 'The request is malformed.'];
    answerOnSocket(socket, new GraphError(code, message));
  }
}

/** An error in Graph's shape on a connection that is then closed. */
export function answerOnSocket(socket: Duplex, error: GraphError): void {
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
