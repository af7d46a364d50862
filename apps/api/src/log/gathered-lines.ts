import { type DestinationStream, pino } from 'pino';

declare module 'sonic-boom' {
  /** Its declaration leaves out what it takes with `contentMode: 'buffer'` (sonic-boom's README). */
  interface SonicBoom {
    write(bytes: Uint8Array): boolean;
  }
}

/** How long a line waits for others to go with it. */
const GATHERING_MS = 10;

/**
 * Lines on their way to a file descriptor, of which those of a few milliseconds go together: every
 * write wakes another thread, which for the three lines of a create takes longer than to make them.
 * While some are being written the next ones gather too: pino's own stream measures all that waits
 * anew for each line, which under load made a third of the garbage of a create. A process that ends
 * writes what waits; one that is killed takes it along.
 */
export class GatheredLines implements DestinationStream {
  readonly #stream: ReturnType<typeof pino.destination>;
  #waiting = '';
  #gathering = false;
  #writing = false;
  #gone = false;

  constructor(descriptor: number) {
    // Of a text it would count the bytes, write it, and make bytes of it to see what was written.
    this.#stream = pino.destination({ dest: descriptor, contentMode: 'buffer' });
    this.#stream.on('drain', () => {
      this.#writing = false;
      if (this.#waiting !== '' && !this.#gathering) this.#hand();
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
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      if (!this.#writing) this.#hand();
    }, GATHERING_MS).unref();
  }

  #hand(): void {
    const lines = this.#waiting;
    this.#waiting = '';
    this.#writing = true;
    this.#stream.write(Buffer.from(lines));
  }
}
