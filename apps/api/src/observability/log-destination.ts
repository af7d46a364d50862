import { type DestinationStream, pino } from 'pino';

/** How many bytes may wait for a slow reader. Further lines are dropped. */
const MAX_WAITING_BYTES = 8_388_608;

/** How many bytes are collected for one write, unless a flush asks for it earlier. */
const WRITE_BYTES = 8192;
/** How long a line may wait for others. */
const MAX_DELAY_MS = 100;

interface Flush {
  /** How many bytes must have been written. */
  readonly upToBytes: number;
  readonly callback: (error?: Error) => void;
}

/**
 * Writes log lines to a file descriptor without blocking the event loop, and reports when a line has
 * been written. A line that no flush follows is written within 100 ms. pino's own `flush` waits for an
 * empty buffer, which may never occur under load.
 */
export class LogDestination implements DestinationStream {
  readonly #stream: ReturnType<typeof pino.destination>;
  #enqueuedBytes = 0;
  #writtenBytes = 0;
  #droppedLines = 0;
  #isLastLineDropped = false;
  #flushes: Flush[] = [];
  #isWriteScheduled = false;

  constructor(descriptor: number) {
    this.#stream = pino.destination({
      dest: descriptor,
      sync: false,
      minLength: WRITE_BYTES,
      maxLength: MAX_WAITING_BYTES,
    });
    this.#stream.on('write', (bytes: number) => {
      this.#writtenBytes += bytes;
      const isDone = ({ upToBytes }: Flush) => upToBytes <= this.#writtenBytes;
      this.#settle(this.#flushes.filter(isDone));
    });
    // A write takes up only what was there when it began.
    this.#stream.on('drain', () => {
      if (this.#flushes.length > 0) this.#stream.flush();
    });
    this.#stream.on('drop', () => {
      this.#droppedLines += 1;
    });
    // A full disk or a closed reader does not end the process. The next flush retries the write.
    this.#stream.on('error', (error: Error) => {
      this.#settle(this.#flushes, error);
    });
  }

  write(line: string): void {
    const droppedBefore = this.#droppedLines;
    this.#stream.write(line);
    this.#isLastLineDropped = this.#droppedLines > droppedBefore;
    if (!this.#isLastLineDropped) this.#enqueuedBytes += Buffer.byteLength(line);
    if (this.#isWriteScheduled) return;
    this.#isWriteScheduled = true;
    setTimeout(() => {
      this.#isWriteScheduled = false;
      if (this.#enqueuedBytes > this.#writtenBytes) this.#stream.flush();
    }, MAX_DELAY_MS).unref();
  }

  /** Calls back when all previous lines are written, or with the reason why the last one is lost. */
  flush(callback: (error?: Error) => void): void {
    if (this.#isLastLineDropped)
      callback(new Error('the log buffer is full because its reader is too slow'));
    else if (this.#enqueuedBytes <= this.#writtenBytes) callback();
    else {
      this.#flushes.push({ upToBytes: this.#enqueuedBytes, callback });
      // Retries a failed write.
      this.#stream.flush();
    }
  }

  #settle(flushes: readonly Flush[], error?: Error): void {
    this.#flushes = this.#flushes.filter((flush) => !flushes.includes(flush));
    for (const { callback } of flushes) callback(error);
  }
}
