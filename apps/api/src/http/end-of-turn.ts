/** Steps that the requests of one turn take together, in the order in which each gets to them. */
const STEPS = ['token', 'body', 'answer'] as const;

type Step = (typeof STEPS)[number];

/**
 * The end of the turn of the event loop, for steps that all requests of a turn take together then.
 * Taken for one request after the other, what a step needs has gone from the processor's cache when
 * the next request gets there, and every answer by itself wakes its caller's process again: at
 * saturation that was a quarter of a create. A request that is alone waits for nothing, as the end
 * of a turn follows right upon what arrived in it.
 *
 * Whoever comes from one step to a later one takes it in the same turn, together with those who have
 * waited for it: another turn for it would spread the requests over more turns, of fewer each.
 */
export class EndOfTurn {
  readonly #waiting = new Map<Step, PromiseWithResolvers<undefined>>();
  #isPlanned = false;
  /** How many steps have been taken of the end that is under way. */
  #taken = 0;

  /** Resolves for all that ask for `step` within one turn at once. */
  reached(step: Step): Promise<unknown> {
    if (STEPS.indexOf(step) < this.#taken) return REACHED;
    this.#plan();
    const waiting = this.#waiting.get(step) ?? Promise.withResolvers();
    this.#waiting.set(step, waiting);
    return waiting.promise;
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    // Each comes behind all that follows from the one before without waiting for anything else.
    for (const step of STEPS) {
      setImmediate(() => {
        this.#taken += 1;
        this.#waiting.get(step)?.resolve(undefined);
        this.#waiting.delete(step);
      });
    }
    setImmediate(() => {
      this.#taken = 0;
      this.#isPlanned = false;
    });
  }
}

const REACHED = Promise.resolve();

/** There is one event loop. */
export const endOfTurn = new EndOfTurn();
