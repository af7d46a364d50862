import { GraphError, MAX_PAGE_BYTES } from '@bookings/domain';

/**
 * For the answers to the parts of one batch. Four lists fit at a time, as many as one mailbox takes,
 * and twenty creates.
 */
const BATCH_BYTES = 4 * MAX_PAGE_BYTES;
/** For those of all batches together: four that are full. */
const PROCESS_BYTES = 4 * BATCH_BYTES;

/** How many bytes of memory the answers of all batches have taken, or may come to take. */
export class ProcessBudget {
  #takenBytes = 0;

  /** @returns whether there was room */
  take(bytes: number): boolean {
    if (this.#takenBytes + bytes > PROCESS_BYTES) return false;
    this.#takenBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#takenBytes -= bytes;
  }
}

/** Tells how many bytes the answer takes that a reservation was made for; 0 when none came. */
export type Settle = (takenBytes: number) => void;

/**
 * The same for one batch. A part reserves the most that its answer can take before it is sent, so
 * that no answer that came has to be thrown away: it may be that of a write.
 */
export class BatchBudget {
  /** Of answers that have come. */
  #keptBytes = 0;
  /** Of parts that are under way. */
  #reservedBytes = 0;
  #isClosed = false;
  /** Resolves when the next part has ended. */
  #nextEnd = Promise.withResolvers<undefined>();

  /** @param signal aborts when the client of the batch disconnects */
  constructor(
    private readonly process: ProcessBudget,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Waits where other parts of the batch are under way: most answers take far less than was reserved.
   * Never waits for other batches.
   *
   * @throws GraphError 413 when the batch can have no room for it, 503 when the process has none
   */
  async reserve(bytes: number): Promise<Settle> {
    while (!this.signal.aborted && this.#keptBytes + this.#reservedBytes + bytes > BATCH_BYTES) {
      if (this.#keptBytes + bytes > BATCH_BYTES) throw batchIsFull();
      await this.#nextEnd.promise;
    }
    if (this.signal.aborted)
      throw new Error('the client disconnected', { cause: this.signal.reason });
    if (!this.process.take(bytes)) throw processIsFull();
    this.#reservedBytes += bytes;
    return (takenBytes) => {
      this.#settle(bytes, this.#isClosed ? 0 : takenBytes);
    };
  }

  /** The answer to the batch has been written, or its connection is gone. */
  close(): void {
    this.#isClosed = true;
    this.process.giveBack(this.#keptBytes);
    this.#keptBytes = 0;
  }

  #settle(reservedBytes: number, keptBytes: number): void {
    this.#reservedBytes -= reservedBytes;
    this.#keptBytes += keptBytes;
    this.process.giveBack(reservedBytes - keptBytes);
    this.#nextEnd.resolve(undefined);
    this.#nextEnd = Promise.withResolvers();
  }
}

function batchIsFull(): GraphError {
  const message =
    'The answers to other parts of this batch leave no room for that to this one. Nothing was sent; ask for this part alone.';
  return new GraphError('RequestEntityTooLarge', message);
}

function processIsFull(): GraphError {
  const message = 'The answers to other batches leave no room for that to this part.';
  const headers = { 'Retry-After': '5' };
  return new GraphError('ServiceUnavailable', message, { outcome: 'not-sent', headers });
}
