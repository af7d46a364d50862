import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests may wait on one connection. No known client sends so many. */
const MAX_WAITING = 500;
/** How many may wait on all connections together. When that many wait, each connection may have only eight. */
const MAX_WAITING_TOTAL = 20_000;
const MAX_WAITING_UNDER_LOAD = 8;

/** Called when a connection becomes busy and when it becomes idle. */
export interface ConnectionUse {
  begin(socket: Socket): void;
  end(socket: Socket): void;
}

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

interface Connection {
  isServing: boolean;
  readonly waiting: Exchange[];
}

/**
 * Serves one request per connection at a time. A client may pipeline many requests without reading a
 * response, and Node would hold every response in memory. Too many waiting requests close the
 * connection.
 */
export class PipelineQueue {
  readonly #connections = new WeakMap<Socket, Connection>();
  #waitingInAll = 0;

  constructor(
    private readonly serve: RequestListener,
    private readonly use: ConnectionUse,
  ) {}

  /** The listener of the server's `request` event. */
  readonly accept = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const connection = this.#connections.get(socket) ?? this.#open(socket);
    if (connection.isServing) {
      this.#enqueue(socket, connection, [request, response]);
      return;
    }
    connection.isServing = true;
    this.use.begin(socket);
    this.#serve(socket, connection, [request, response]);
  };

  #open(socket: Socket): Connection {
    const connection = { isServing: false, waiting: [] };
    this.#connections.set(socket, connection);
    socket.once('close', () => {
      this.#drop(connection);
    });
    return connection;
  }

  #enqueue(socket: Socket, connection: Connection, exchange: Exchange): void {
    const most = this.#waitingInAll < MAX_WAITING_TOTAL ? MAX_WAITING : MAX_WAITING_UNDER_LOAD;
    if (connection.waiting.length >= most) {
      this.#drop(connection);
      socket.destroy();
      return;
    }
    connection.waiting.push(exchange);
    this.#waitingInAll += 1;
    // Node resumes the socket after it has emitted `request`, so this must come later.
    setImmediate(() => {
      if (connection.waiting.length > 0) socket.pause();
    });
  }

  #drop({ waiting }: Connection): void {
    this.#waitingInAll -= waiting.splice(0).length;
  }

  #serve(socket: Socket, connection: Connection, [request, response]: Exchange): void {
    response.once('close', () => {
      // Lets other connections proceed before the next request of this one.
      setImmediate(() => {
        this.#next(socket, connection);
      });
    });
    this.serve(request, response);
  }

  #next(socket: Socket, connection: Connection): void {
    if (!socket.writable) this.#drop(connection);
    const exchange = connection.waiting.shift();
    if (exchange) this.#waitingInAll -= 1;
    // The body of the last waiting request may not have arrived.
    if (connection.waiting.length === 0) socket.resume();
    if (exchange) {
      this.#serve(socket, connection, exchange);
    } else {
      connection.isServing = false;
      this.use.end(socket);
    }
  }
}
