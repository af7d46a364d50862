import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, GraphError } from '@bookings/domain';

/** Parser errors of Node's that have a status of their own; any other is 400. */
const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['RequestHeaderFieldsTooLarge', 'The headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RequestTimeout', 'The request did not arrive within 30 s.'],
};

/** Answers what never became a request, straight to the socket, where that can still be written. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [code, message] = CODES[error.code ?? ''] ?? ['BadRequest', 'The request is malformed.'];
  const answer = new GraphError(code, message);
  const ids = { requestId: crypto.randomUUID(), clientRequestId: crypto.randomUUID() };
  const body = JSON.stringify(answer.toBody(ids));
  socket.end(
    [
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `request-id: ${ids.requestId}`,
      `client-request-id: ${ids.clientRequestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
