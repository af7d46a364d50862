/**
 * The end of the turn of the event loop, for a step that all requests of a turn do together then.
 * Done for one request after the other, what a step needs has gone from the processor's cache when
 * the next request gets there, and every answer by itself wakes its caller's process again: at
 * saturation that was a quarter of a create. A request that is alone waits for nothing, as the end
 * of a turn follows right upon what arrived in it.
 */
export class EndOfTurn {
  #reached: Promise<void> | undefined;

  /** Resolves for all that ask within one turn at once. */
  reached(): Promise<void> {
    this.#reached ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#reached = undefined;
        resolve();
      });
    });
    return this.#reached;
  }
}
