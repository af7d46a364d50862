/** Whether somebody has gone away, and who wants to know. An AbortSignal will do as well. */
export interface Departed {
  readonly aborted: boolean;
  /** Why; undefined as long as nobody has left. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * The departure of one caller. Every request has one, and an AbortController is too much for that:
 * with a listener to its signal, Node 24 lets nothing that can be reached from it go before the old
 * generation is collected (some 6 kB for each create, which made that collection the p99).
 */
export class Departure implements Departed {
  #aborted = false;
  #reason: unknown;
  #listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** Tells everybody who listens, once. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }
}

/** The same for those who take nothing but a signal of Node's. */
export function signalOf(departed: Departed): AbortSignal {
  if (departed instanceof AbortSignal) return departed;
  const controller = new AbortController();
  const depart = () => {
    controller.abort(departed.reason);
  };
  if (departed.aborted) depart();
  else departed.addEventListener('abort', depart);
  return controller.signal;
}
