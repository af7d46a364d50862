import { type DestinationStream, pino } from 'pino';

/**
 * Lines on their way to a file descriptor. While some are being written the next ones gather, and
 * then go together: pino's own stream measures all that waits anew for each line, which under load
 * made a third of the garbage of a create.
 */
export class GatheredLines implements DestinationStream {
  readonly #stream: ReturnType<typeof pino.destination>;
  #waiting = '';
  #writing = false;
  #gone = false;

  constructor(descriptor: number) {
    this.#stream = pino.destination(descriptor);
    this.#stream.on('drain', () => {
      this.#writing = false;
      if (this.#waiting !== '') this.#hand();
    });
    this.#stream.on('error', (error: NodeJS.ErrnoException) => {
      // Of a full disk, say: the stream keeps what it could not write for the next attempt.
      this.#writing = false;
      if (error.code !== 'EPIPE') return;
      // Nobody reads any more. pino goes on without a word, and nothing is kept for nobody.
      this.#gone = true;
      this.#waiting = '';
    });
    process.once('exit', () => {
      if (this.#waiting === '' || this.#gone) return;
      this.#hand();
      this.#stream.flushSync();
    });
  }

  write(line: string): void {
    if (this.#gone) return;
    this.#waiting += line;
    if (!this.#writing) this.#hand();
  }

  #hand(): void {
    const lines = this.#waiting;
    this.#waiting = '';
    this.#writing = true;
    this.#stream.write(lines);
  }
}
