/**
 * Aborts a create when its client disconnects, but only before anything is sent to Graph. From then
 * on the create runs to its end, so that a retry finds its result.
 */
export class ClientDisconnect {
  readonly #controller = new AbortController();
  readonly #abort: () => void;
  #sent = false;

  /** @param client aborts when the client disconnects */
  constructor(private readonly client: AbortSignal) {
    this.#abort = () => {
      if (!this.#sent) this.#controller.abort(client.reason);
    };
    client.addEventListener('abort', this.#abort);
    if (client.aborted) this.#abort();
  }

  /** Aborts when the client disconnects before anything is sent. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get hasSent(): boolean {
    return this.#sent;
  }

  /** Whether the client is gone, before or after something was sent. */
  get isDisconnected(): boolean {
    return this.client.aborted;
  }

  /** @throws the abort reason when the client disconnected before anything was sent */
  throwIfAborted(): void {
    this.#controller.signal.throwIfAborted();
  }

  /**
   * Call this right before the first byte is written.
   *
   * @throws as `throwIfAborted`
   */
  markSent(): void {
    this.throwIfAborted();
    this.#sent = true;
  }

  close(): void {
    this.client.removeEventListener('abort', this.#abort);
  }
}
