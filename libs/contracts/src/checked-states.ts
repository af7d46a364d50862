/** What a state decides, by the names in the expressions of the pact. */
export type StateValues = Record<string, string>;

/** Prepares a provider for a state. `parameters` are those of the pact. */
export type StateHandler = (parameters?: unknown) => Promise<StateValues>;

/** By the name of the state in the pact. */
export type StateHandlers = Readonly<Record<string, StateHandler>>;

/**
 * Handlers that record problems. Pact sends the request even if a state has no handler, or if its
 * handler throws.
 */
export class CheckedStates {
  #problems: string[] = [];
  /** The handlers for Pact's verifier. */
  readonly handlers: Record<string, StateHandler>;
  readonly #stateHandlers: StateHandlers;
  readonly #used = new Set<string>();

  constructor(stateHandlers: StateHandlers) {
    this.#stateHandlers = stateHandlers;
    this.handlers = new Proxy(
      {},
      {
        get: (_target, state) => {
          // Pact reads '' for an interaction without a state, and toJSON to log the options.
          if (typeof state !== 'string' || ['', 'toJSON'].includes(state)) return undefined;
          return (parameters?: unknown) => this.#enter(state, parameters);
        },
      },
    );
  }

  /** The names of handlers that no interaction used. */
  get unused(): string[] {
    return Object.keys(this.#stateHandlers).filter((state) => !this.#used.has(state));
  }

  /** @throws Error if there were problems since the last call */
  throwProblems(): void {
    const problems = this.#problems;
    this.#problems = [];
    if (problems.length > 0) throw new Error(problems.join(' '));
  }

  async #enter(state: string, parameters: unknown): Promise<StateValues> {
    this.#used.add(state);
    const handler = Object.hasOwn(this.#stateHandlers, state)
      ? this.#stateHandlers[state]
      : undefined;
    if (handler === undefined) {
      this.#problems.push(`The state "${state}" has no handler.`);
      return {};
    }
    try {
      return await handler(parameters);
    } catch (error) {
      this.#problems.push(`The handler of the state "${state}" threw: ${String(error)}`);
      return {};
    }
  }
}
