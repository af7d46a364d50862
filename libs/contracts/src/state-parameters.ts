/** The parameters of a provider state in a pact. */
export class StateParameters {
  readonly #values: ReadonlyMap<string, unknown>;

  /** @param parameters as Pact passes them; undefined for a state without parameters */
  constructor(parameters: unknown) {
    this.#values = new Map(Object.entries(parameters ?? {}));
  }

  /** @throws TypeError if there is no such parameter */
  value(name: string): unknown {
    const value = this.#values.get(name);
    if (value === undefined) throw new TypeError(`The state needs the parameter "${name}".`);
    return value;
  }

  /** @throws TypeError unless the parameter is text */
  text(name: string): string {
    const value = this.value(name);
    if (typeof value === 'string') return value;
    throw new TypeError(`The parameter "${name}" must be text.`);
  }

  /** @throws TypeError unless the parameter is a whole number from 0 up */
  count(name: string): number {
    const value = this.value(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw new TypeError(`The parameter "${name}" must be a whole number.`);
  }

  /** @throws TypeError unless the parameter is an object */
  object(name: string): object {
    const value = this.value(name);
    if (typeof value === 'object' && value !== null) return value;
    throw new TypeError(`The parameter "${name}" must be an object.`);
  }
}
