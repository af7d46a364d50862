/**
 * Work of several requests that is done together at the end of the turn of the event loop in which
 * it came up, a kind of work each. Done for one request after the other, what one step needs has
 * gone from the processor's cache when the next request gets there, and every answer by itself wakes
 * its caller's process again: at saturation that was a quarter of a create. A request that is alone
 * waits for nothing, as the end of a turn follows right upon what arrived in it.
 */
export class EndOfTurn {
  #tasks: (() => void)[] = [];
  readonly #run = () => {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  };

  /** @param task must not throw: others of the same turn would never be done */
  add(task: () => void): void {
    if (this.#tasks.length === 0) setImmediate(this.#run);
    this.#tasks.push(task);
  }
}
