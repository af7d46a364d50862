import type { StateHandlers } from './checked-states.ts';

/**
 * Provider states that are data. Their handlers only collect what an interaction requests, so that
 * the provider can be prepared for all its states at once.
 */
export class RequestedStates<State> {
  readonly handlers: StateHandlers;
  #requested: State[] = [];

  /** @param states by their names in the pact */
  constructor(states: Readonly<Record<string, State>>) {
    this.handlers = Object.fromEntries(
      Object.entries(states).map(([name, state]) => [
        name,
        () => {
          this.#requested.push(state);
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
