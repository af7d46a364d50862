/**
 * The departure of a caller, which ends its create only until something is sent: from then on what
 * becomes of it must be found out, and remembered for the next question.
 */
export class ClientDisconnect {
  readonly #controller = new AbortController();
  readonly #abort: () => void;
  #sending = false;

  constructor(private readonly caller: AbortSignal) {
    this.#abort = () => {
      if (!this.#sending) this.#controller.abort(caller.reason);
    };
    caller.addEventListener('abort', this.#abort);
    if (caller.aborted) this.#abort();
  }

  /** Aborts when the caller leaves before anything was sent. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether something was sent. */
  get isIgnored(): boolean {
    return this.#sending;
  }

  /** Whether nobody waits for the answer. */
  get isGone(): boolean {
    return this.caller.aborted;
  }

  /** @throws the reason when the caller has left before anything was sent */
  throwIfGone(): void {
    this.#controller.signal.throwIfAborted();
  }

  /** The first byte is about to be written. Throws as `throwIfGone`. */
  send(): void {
    this.throwIfGone();
    this.#sending = true;
  }

  close(): void {
    this.caller.removeEventListener('abort', this.#abort);
  }
}
