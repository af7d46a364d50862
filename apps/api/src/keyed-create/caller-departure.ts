import { type Departed, Departure } from '@bookings/domain';

/**
 * The departure of a caller, which ends its create only until something is sent: from then on what
 * becomes of it must be found out, and remembered for the next question.
 */
export class CallerDeparture {
  readonly #departed = new Departure();
  readonly #depart: () => void;
  #sending = false;

  constructor(private readonly caller: Departed) {
    this.#depart = () => {
      if (!this.#sending) this.#departed.abort(caller.reason);
    };
    caller.addEventListener('abort', this.#depart);
    if (caller.aborted) this.#depart();
  }

  /** Aborts when the caller leaves before anything was sent. */
  get departed(): Departed {
    return this.#departed;
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
    const { aborted, reason } = this.#departed;
    if (aborted) throw reason instanceof Error ? reason : new Error(String(reason));
  }

  /** The first byte is about to be written. Throws as `throwIfGone`. */
  send(): void {
    this.throwIfGone();
    this.#sending = true;
  }

  close(): void {
    this.caller.removeEventListener('abort', this.#depart);
  }
}
