/** Why a call ended whose time was over. */
export class DeadlinePassed extends Error {
  constructor(deadlineMs: number) {
    super(`The Bookings API did not answer within ${deadlineMs} ms.`);
  }
}

/** The end of all that one call does: when its caller gives up, or when its time is over. */
export class CallEnd {
  readonly #over = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #lastMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #giveUp = (): void => {
    this.#over.abort(this.#caller?.reason);
  };

  /** @param deadlineMs undefined: there is none */
  constructor(caller: AbortSignal | undefined, deadlineMs: number | undefined) {
    this.#caller = caller;
    caller?.addEventListener('abort', this.#giveUp);
    if (caller?.aborted) this.#giveUp();
    this.#lastMs = performance.now() + (deadlineMs ?? Infinity);
    if (deadlineMs === undefined) return;
    this.#timer = setTimeout(() => {
      this.#over.abort(new DeadlinePassed(deadlineMs));
    }, deadlineMs);
  }

  /** Its reason is the caller's, or a DeadlinePassed. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether something can still be done after a wait of `ms`. */
  leavesTimeAfter(ms: number): boolean {
    return performance.now() + ms < this.#lastMs;
  }

  /** @throws the caller's reason when it has given up */
  throwIfGivenUp(): void {
    this.#caller?.throwIfAborted();
  }

  /** @throws the caller's reason as soon as it gives up */
  async wait(ms: number): Promise<void> {
    const { signal } = this;
    await new Promise<void>((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      signal.addEventListener('abort', over);
    });
    this.throwIfGivenUp();
  }

  /** To be called when the call is over: nothing is left behind then. */
  close(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#giveUp);
  }
}

/** What `work` comes to; or throws the signal's reason, when that is earlier. */
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
  throw new TypeError('the signal is not aborted');
}
