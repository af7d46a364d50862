import { GraphError, MAX_PAGE_BYTES } from '@bookings/domain';

/** For one batch: four pages at a time, as many requests as one mailbox takes, or twenty creates. */
const BATCH_BYTES = 4 * MAX_PAGE_BYTES;
/** For all batches together: four that use their whole budget. */
const PROCESS_BYTES = 4 * BATCH_BYTES;

/** The bytes of memory that are reserved for the responses of all batches. */
export class ProcessBudget {
  #reservedBytes = 0;

  /** @returns whether the budget was large enough */
  reserve(bytes: number): boolean {
    if (this.#reservedBytes + bytes > PROCESS_BYTES) return false;
    this.#reservedBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#reservedBytes -= bytes;
  }
}

/**
 * Ends a reservation.
 *
 * @param keptBytes the size of the response, which stays reserved; 0 without a response
 */
export type Release = (keptBytes: number) => void;

/**
 * The budget of one batch. Each part reserves the maximum size of its response before it is sent, so
 * that no response has to be discarded: it may be that of a write.
 */
export class BatchBudget {
  /** Bytes of complete responses. */
  #keptBytes = 0;
  /** Bytes for the responses of running parts. */
  #reservedBytes = 0;
  #isClosed = false;
  /** Resolves when the next part ends. */
  #nextEnd = Promise.withResolvers<undefined>();

  /** @param signal aborts when the client of the batch disconnects */
  constructor(
    private readonly processBudget: ProcessBudget,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Waits for running parts of the batch, because most responses are smaller than their reservation.
   * Never waits for other batches.
   *
   * @throws GraphError 413 when the budget of the batch is used up, 503 for that of the process
   */
  async reserve(bytes: number): Promise<Release> {
    while (!this.signal.aborted && this.#keptBytes + this.#reservedBytes + bytes > BATCH_BYTES) {
      if (this.#keptBytes + bytes > BATCH_BYTES) throw batchIsFull();
      await this.#nextEnd.promise;
    }
    if (this.signal.aborted)
      throw new Error('the client disconnected', { cause: this.signal.reason });
    if (!this.processBudget.reserve(bytes)) throw processIsFull();
    this.#reservedBytes += bytes;
    return (keptBytes) => {
      this.#release(bytes, this.#isClosed ? 0 : keptBytes);
    };
  }

  /** Must be called when the batch response is sent, or its connection is closed. */
  close(): void {
    this.#isClosed = true;
    this.processBudget.release(this.#keptBytes);
    this.#keptBytes = 0;
  }

  #release(reservedBytes: number, keptBytes: number): void {
    this.#reservedBytes -= reservedBytes;
    this.#keptBytes += keptBytes;
    this.processBudget.release(reservedBytes - keptBytes);
    this.#nextEnd.resolve(undefined);
    this.#nextEnd = Promise.withResolvers();
  }
}

function batchIsFull(): GraphError {
  const message =
    'The responses to other requests of this batch leave no room for this one. Nothing was sent; send this request by itself.';
  return new GraphError('RequestEntityTooLarge', message);
}

function processIsFull(): GraphError {
  const message = 'The responses to other batches leave no room for this request.';
  const headers = { 'Retry-After': '5' };
  return new GraphError('ServiceUnavailable', message, { outcome: 'not-sent', headers });
}
