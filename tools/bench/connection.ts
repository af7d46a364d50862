import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { AnswerReader } from './answer-reader.ts';

/** In the place of a status: the connection was lost before the answer. */
export const LOST = 0;
/** In the place of a status: the caller left before the answer. */
export const LEFT = -1;

/** `status` is of the answer, `LOST` or `LEFT`. */
export type Answered = (status: number) => void;

/** How a caller treats its connection; without any of these it is kept. */
export interface Manners {
  /** The caller leaves, and closes the connection, when it has no answer after so many ms. */
  readonly leavesAfterMs?: number;
  /** The connection is closed after the answer. */
  readonly closes?: boolean;
}

/**
 * A connection that was idle for longer is not used any more: the server may be closing it, and what
 * is sent then is lost.
 */
const MOST_IDLE_MS = 30_000;

/** One connection, one request at a time. Opened again when it has been closed. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #usedAtMs = 0;
  #answered: Answered | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    await once(connection.#connected(), 'connect');
    return connection;
  }

  send(request: string, answered: Answered, { leavesAfterMs, closes }: Manners = {}): void {
    const settled = closes
      ? (status: number) => {
          this.#abandon();
          answered(status);
        }
      : answered;
    this.#answered = settled;
    this.#connected().write(request, 'latin1');
    if (leavesAfterMs === undefined) return;
    setTimeout(() => {
      if (this.#answered !== settled) return;
      this.#abandon();
      this.#settle(LEFT);
    }, leavesAfterMs);
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connected(): Socket {
    const nowMs = performance.now();
    if (nowMs - this.#usedAtMs > MOST_IDLE_MS) this.#abandon();
    this.#usedAtMs = nowMs;
    this.#socket ??= this.#opened();
    return this.#socket;
  }

  #opened(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const reader = new AnswerReader();
    socket.on('data', (chunk: Buffer) => {
      const status = reader.read(chunk);
      if (status !== undefined && this.#socket === socket) this.#settle(status);
    });
    socket.on('error', () => socket.destroy());
    const lost = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#settle(LOST);
    };
    socket.on('end', lost);
    socket.on('close', lost);
    return socket;
  }

  /** Closes the socket, and is not told of its end. */
  #abandon(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  #settle(status: number): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status);
  }
}
