import type { StateHandlers, StateValues } from './checked-states.ts';
import { StateParameters } from './state-parameters.ts';

/**
 * Provider states that are data. Their handlers collect what an interaction requests, so that the
 * provider can be prepared for all its states at once.
 */
export class RequestedStates<State> {
  readonly handlers: StateHandlers;
  #requested: State[] = [];

  /**
   * @param states by their names in the pact
   * @param enter what a state needs at once; returns the values for the pact's expressions
   */
  constructor(
    states: Readonly<Record<string, (parameters: StateParameters) => State>>,
    enter: (state: State) => Promise<StateValues>,
  ) {
    this.handlers = Object.fromEntries(
      Object.entries(states).map(([name, read]) => [
        name,
        (parameters) => {
          const state = read(new StateParameters(parameters));
          this.#requested.push(state);
          return enter(state);
        },
      ]),
    );
  }

  /** The states of the current interaction. */
  get requested(): readonly State[] {
    return this.#requested;
  }

  clear(): void {
    this.#requested = [];
  }
}
