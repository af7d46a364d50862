import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';

/** `status` is 0 when the connection was lost before the answer. */
export type Answered = (status: number) => void;

/** One connection, one request at a time. Opened again when the server has closed it. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #answered: Answered | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    await once(connection.#connected(), 'connect');
    return connection;
  }

  send(request: string, answered: Answered): void {
    this.#answered = answered;
    this.#connected().write(request, 'latin1');
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connected(): Socket {
    if (this.#socket) return this.#socket;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const reader = new AnswerReader();
    socket.on('data', (chunk: Buffer) => {
      const status = reader.read(chunk);
      if (status !== undefined) this.#settle(status);
    });
    socket.on('error', () => socket.destroy());
    const lost = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#settle(0);
    };
    socket.on('end', lost);
    socket.on('close', lost);
    this.#socket = socket;
    return socket;
  }

  #settle(status: number): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status);
  }
}
