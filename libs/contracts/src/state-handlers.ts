/** Brings a provider into a state; awaited. `parameters` are those of the pact. */
export type StateHandler = (parameters?: unknown) => unknown;

/** By the sentence that names the state in the pact. */
export type StateHandlers = Readonly<Record<string, StateHandler>>;

/**
 * Handlers that remember what Pact lets pass: with a state that has no handler, or whose handler
 * throws, it goes on to the request as if nothing had been.
 */
export class RecordedStates {
  #problems: string[] = [];
  /** To be given to Pact's verifier. */
  readonly handlers: Record<string, (parameters?: unknown) => Promise<void>>;
  readonly #given: StateHandlers;
  readonly #used = new Set<string>();

  constructor(given: StateHandlers) {
    this.#given = given;
    this.handlers = new Proxy(
      {},
      {
        get: (_target, state) => {
          // An interaction without a state asks for '', whoever prints the options for toJSON.
          if (typeof state !== 'string' || ['', 'toJSON'].includes(state)) return undefined;
          return (parameters?: unknown) => this.#enter(state, parameters);
        },
      },
    );
  }

  /** Handlers that no interaction asked for. */
  get unused(): string[] {
    return Object.keys(this.#given).filter((state) => !this.#used.has(state));
  }

  /** @throws Error when a state went wrong since this was last asked */
  refuseProblems(): void {
    const problems = this.#problems;
    this.#problems = [];
    if (problems.length > 0) throw new Error(problems.join(' '));
  }

  async #enter(state: string, parameters: unknown): Promise<void> {
    this.#used.add(state);
    const handler = Object.hasOwn(this.#given, state) ? this.#given[state] : undefined;
    if (handler === undefined) {
      this.#problems.push(`The state "${state}" has no handler.`);
      return;
    }
    try {
      await handler(parameters);
    } catch (error) {
      this.#problems.push(`The handler of the state "${state}" threw: ${String(error)}`);
    }
  }
}
