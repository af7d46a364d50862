/**
 * The end of the turn of the event loop, for a step that all requests of a turn do together then.
 * Done for one request after the other, what a step needs has gone from the processor's cache when
 * the next request gets there, and every answer by itself wakes its caller's process again: at
 * saturation that was a quarter of a create. A request that is alone waits for nothing, as the end
 * of a turn follows right upon what arrived in it.
 */
export class EndOfTurn {
  /** Of any instance: the end of a turn is the same one for all steps. */
  static #isUnderWay = false;
  #reached: Promise<void> | undefined;

  /**
   * Resolves for all that ask within one turn at once. Whoever asks while its end is under way, having
   * waited for it at an earlier step, need not wait for the end of another one: with that the requests
   * would be spread over more turns, of fewer each.
   */
  reached(): Promise<void> {
    if (EndOfTurn.#isUnderWay) return REACHED;
    this.#reached ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#reached = undefined;
        EndOfTurn.#isUnderWay = true;
        resolve();
      });
      // Right behind it, and behind all that comes of it without waiting for anything else.
      setImmediate(() => {
        EndOfTurn.#isUnderWay = false;
      });
    });
    return this.#reached;
  }
}

const REACHED = Promise.resolve();
