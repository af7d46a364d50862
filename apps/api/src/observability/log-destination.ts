import { type DestinationStream, pino } from 'pino';

/** How much may wait for a reader that stands still; lines on top of it are dropped. */
const MAX_WAITING_BYTES = 8_388_608;

interface Flush {
  /** How many bytes must have been written. */
  readonly upToBytes: number;
  readonly callback: (error?: Error) => void;
}

/**
 * Writes the lines of a log to a file descriptor without stopping the event loop, and tells when a
 * line has been written. pino's own `flush` waits until no line is left, which never comes to an end
 * while requests keep the event loop busy.
 */
export class LogDestination implements DestinationStream {
  readonly #stream: ReturnType<typeof pino.destination>;
  #enqueuedBytes = 0;
  #writtenBytes = 0;
  #lastLineDropped = false;
  #flushes: Flush[] = [];

  constructor(descriptor: number) {
    this.#stream = pino.destination({
      dest: descriptor,
      sync: false,
      minLength: 1,
      maxLength: MAX_WAITING_BYTES,
    });
    this.#stream.on('write', (bytes: number) => {
      this.#writtenBytes += bytes;
      const isDone = ({ upToBytes }: Flush) => upToBytes <= this.#writtenBytes;
      this.#settle(this.#flushes.filter(isDone));
    });
    this.#stream.on('drop', () => {
      this.#lastLineDropped = true;
    });
    // A full disk or a closed reader ends nothing. What could not be written is tried again with
    // the next line, but no one may rely on it.
    this.#stream.on('error', (error: Error) => {
      this.#settle(this.#flushes, error);
    });
  }

  write(line: string): void {
    this.#lastLineDropped = false;
    this.#stream.write(line);
    if (!this.#lastLineDropped) this.#enqueuedBytes += Buffer.byteLength(line);
  }

  /** Calls back once every line so far has been written, or with the reason why the last one was not. */
  flush(callback: (error?: Error) => void): void {
    if (this.#lastLineDropped) callback(new Error('the log is full: its reader stands still'));
    else if (this.#enqueuedBytes <= this.#writtenBytes) callback();
    else {
      this.#flushes.push({ upToBytes: this.#enqueuedBytes, callback });
      // Tries again what could not be written, where nothing is being written.
      this.#stream.flush();
    }
  }

  #settle(flushes: readonly Flush[], error?: Error): void {
    this.#flushes = this.#flushes.filter((flush) => !flushes.includes(flush));
    for (const { callback } of flushes) callback(error);
  }
}
