import type { StateHandlers } from './state-handlers.ts';

/** States that are data: what an interaction asks for is noted, and made true when it is played. */
export class NotedStates<State> {
  readonly handlers: StateHandlers;
  #noted: State[] = [];

  /** @param states by the sentences that name them in the pact */
  constructor(states: Readonly<Record<string, State>>) {
    this.handlers = Object.fromEntries(
      Object.entries(states).map(([sentence, state]) => [
        sentence,
        () => {
          this.#noted.push(state);
        },
      ]),
    );
  }

  /** What the interaction under way asks for. */
  get noted(): readonly State[] {
    return this.#noted;
  }

  forget(): void {
    this.#noted = [];
  }
}
