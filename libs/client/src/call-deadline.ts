/** The abort reason of a call that exceeded its deadline. */
export class DeadlineExceeded extends Error {
  constructor(deadlineMs: number) {
    super(`The Bookings API did not answer within ${deadlineMs} ms.`);
  }
}

/** Aborts a call when its caller aborts it, or at its deadline. */
export class CallDeadline {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #endsAtMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #abort = (): void => {
    this.#controller.abort(this.#callerSignal?.reason);
  };

  /** @param deadlineMs undefined for no deadline */
  constructor(callerSignal: AbortSignal | undefined, deadlineMs: number | undefined) {
    this.#callerSignal = callerSignal;
    callerSignal?.addEventListener('abort', this.#abort);
    if (callerSignal?.aborted) this.#abort();
    this.#endsAtMs = performance.now() + (deadlineMs ?? Infinity);
    if (deadlineMs === undefined) return;
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DeadlineExceeded(deadlineMs));
    }, deadlineMs);
  }

  /** Its reason is that of the caller, or a DeadlineExceeded. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the call can wait for `ms` before its deadline. */
  allowsWait(ms: number): boolean {
    return performance.now() + ms < this.#endsAtMs;
  }

  /** @throws the reason of the caller if it has aborted the call */
  throwIfAborted(): void {
    this.#callerSignal?.throwIfAborted();
  }

  /** @throws the reason of the caller as soon as it aborts the call */
  async wait(ms: number): Promise<void> {
    const { signal } = this;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
    });
    this.throwIfAborted();
  }

  /** Releases the timer and the listener. */
  close(): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener('abort', this.#abort);
  }
}

/** Waits for `work`. Rejects with the reason of the signal if it is aborted first. */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted.then(() => reasonOf(signal))]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function reasonOf(signal: AbortSignal): never {
  signal.throwIfAborted();
  throw new TypeError('The signal is not aborted.');
}
