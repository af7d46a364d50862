import { type DestinationStream, pino } from 'pino';

declare module 'sonic-boom' {
  /** Its declaration leaves out what it takes with `contentMode: 'buffer'` (sonic-boom's README). */
  interface SonicBoom {
    write(bytes: Uint8Array): boolean;
  }
}

/** How long a line waits for others to go with it. */
const GATHERING_MS = 10;
/** What the lines of that time usually fit in; more is taken for a slow reader alone. */
const USUAL_BYTES = 262_144;
/** Of one UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

/**
 * Lines on their way to a file descriptor, of which those of a few milliseconds go together: every
 * write wakes another thread, which for the three lines of a create takes longer than to make them.
 * While some are being written the next ones gather too: pino's own stream measures all that waits
 * anew for each line, which under load made a third of the garbage of a create. They gather as bytes,
 * in memory that stays: as text they would be put together once more, and moved by collections that
 * find them waiting. A process that ends writes what waits; one that is killed takes it along.
 */
export class GatheredLines implements DestinationStream {
  readonly #stream: ReturnType<typeof pino.destination>;
  #waiting: Buffer = Buffer.allocUnsafeSlow(USUAL_BYTES);
  #length = 0;
  /** What the stream was given last; its own until all is written. */
  #handed: Buffer | undefined;
  /** Memory that lines may gather in next. */
  #spare: Buffer | undefined;
  #gathering = false;
  #writing = false;
  #gone = false;

  constructor(descriptor: number) {
    // Of a text it would count the bytes, write it, and make bytes of it to see what was written.
    this.#stream = pino.destination({ dest: descriptor, contentMode: 'buffer' });
    this.#stream.on('drain', () => {
      this.#writing = false;
      if (this.#handed?.length === USUAL_BYTES) this.#spare = this.#handed;
      this.#handed = undefined;
      if (this.#length > 0 && !this.#gathering) this.#hand();
    });
    this.#stream.on('error', (error: NodeJS.ErrnoException) => {
      // Of a full disk, say: the stream keeps what it could not write for the next attempt.
      this.#writing = false;
      this.#handed = undefined;
      if (error.code !== 'EPIPE') return;
      // Nobody reads any more. pino goes on without a word, and nothing is kept for nobody.
      this.#gone = true;
      this.#length = 0;
      this.#waiting = Buffer.alloc(0);
      this.#spare = undefined;
    });
    process.once('exit', () => {
      if (this.#length === 0 || this.#gone) return;
      this.#hand();
      this.#stream.flushSync();
    });
  }

  write(line: string): void {
    if (this.#gone) return;
    this.#makeRoom(MOST_BYTES * line.length);
    this.#length += this.#waiting.write(line, this.#length);
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      if (!this.#writing && !this.#gone) this.#hand();
    }, GATHERING_MS).unref();
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#waiting.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#waiting.length, needed));
    this.#waiting.copy(larger, 0, 0, this.#length);
    this.#waiting = larger;
  }

  #hand(): void {
    const lines = this.#waiting.subarray(0, this.#length);
    this.#handed = this.#waiting;
    this.#waiting = this.#spare ?? Buffer.allocUnsafeSlow(USUAL_BYTES);
    this.#spare = undefined;
    this.#length = 0;
    this.#writing = true;
    this.#stream.write(lines);
  }
}
