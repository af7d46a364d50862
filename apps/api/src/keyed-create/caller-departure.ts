/**
 * The departure of a caller, which ends its create only until something is sent: from then on what
 * becomes of it must be found out, and remembered for the next question.
 */
export class CallerDeparture {
  readonly #departed = new AbortController();
  readonly #depart: () => void;
  #sending = false;

  constructor(private readonly caller: AbortSignal) {
    this.#depart = () => {
      if (!this.#sending) this.#departed.abort(caller.reason);
    };
    caller.addEventListener('abort', this.#depart, { once: true });
    if (caller.aborted) this.#depart();
  }

  /** Aborts when the caller leaves before anything was sent. */
  get signal(): AbortSignal {
    return this.#departed.signal;
  }

  /** Whether something was sent. */
  get isIgnored(): boolean {
    return this.#sending;
  }

  /** Whether nobody waits for the answer. */
  get isGone(): boolean {
    return this.caller.aborted;
  }

  /** The first byte is about to be written. @throws the reason when the caller has left before */
  send(): void {
    this.signal.throwIfAborted();
    this.#sending = true;
  }

  close(): void {
    this.caller.removeEventListener('abort', this.#depart);
  }
}
