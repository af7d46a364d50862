import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Told when a connection begins and ends to serve requests. */
export interface ConnectionUse {
  begin(socket: Socket): void;
  end(socket: Socket): void;
}

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Serves one request of a connection at a time. A client may send many requests without reading an
 * answer (pipelining); each answer would be held in memory until then. Later requests wait unread:
 * nothing more than one chunk of them has been received.
 *
 * @returns a listener for the server's `request` event
 */
export function oneAtATime(serve: RequestListener, use: ConnectionUse): RequestListener {
  /** Requests that wait, of each connection that is serving one. */
  const waiting = new WeakMap<Socket, Exchange[]>();

  const begin = (socket: Socket, [request, response]: Exchange) => {
    response.once('close', () => {
      // Other connections get their turn before the next request of this one.
      setImmediate(next, socket);
    });
    serve(request, response);
  };
  const next = (socket: Socket) => {
    const queue = waiting.get(socket) ?? [];
    const exchange = socket.writable ? queue.shift() : undefined;
    // The body of the last one that waits may not have arrived.
    if (queue.length === 0) socket.resume();
    if (exchange) {
      begin(socket, exchange);
      return;
    }
    waiting.delete(socket);
    use.end(socket);
  };

  return (request, response) => {
    const { socket } = request;
    const queue = waiting.get(socket);
    if (queue) {
      queue.push([request, response]);
      socket.pause();
      return;
    }
    waiting.set(socket, []);
    use.begin(socket);
    begin(socket, [request, response]);
  };
}
