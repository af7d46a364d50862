/** The bounds of a number, both inclusive. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/**
 * Reads the members of a JSON object in a request to a test endpoint.
 *
 * Every method throws a `TypeError` with the member and the expected value.
 */
export class RecordReader {
  readonly #members: Record<string, unknown>;
  readonly #where: string;
  readonly #read = new Set<string>();

  constructor(input: unknown, where: string) {
    if (!isRecord(input)) throw new TypeError(`${where}: expected an object`);
    this.#members = input;
    this.#where = where;
  }

  any(name: string): unknown {
    this.#read.add(name);
    return this.#members[name];
  }

  optionalText(name: string): string | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'string') return value;
    return this.#refuse(name, 'a string');
  }

  optionalInteger(name: string, bounds: Bounds = {}): number | undefined {
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    return this.#refuse(name, `a whole number from ${min} to ${max}`);
  }

  integer(name: string, bounds: Bounds): number {
    return this.optionalInteger(name, bounds) ?? this.#refuse(name, 'a whole number');
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value {
    const value = this.any(name);
    const found = values.find((candidate) => candidate === value);
    return found ?? this.#refuse(name, `one of ${values.join(', ')}`);
  }

  optionalOneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    return this.any(name) === undefined ? undefined : this.oneOf(name, values);
  }

  optionalTexts(name: string): string[] | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    return this.#refuse(name, 'an array of strings');
  }

  optionalRecord(name: string): Record<string, unknown> | undefined {
    const value = this.any(name);
    if (value === undefined || isRecord(value)) return value;
    return this.#refuse(name, 'an object');
  }

  optionalTextRecord(name: string): Record<string, string> | undefined {
    const value = this.optionalRecord(name);
    if (value === undefined) return undefined;
    const texts: Record<string, string> = {};
    for (const [member, text] of Object.entries(value)) {
      if (typeof text !== 'string') return this.#refuse(`${name}.${member}`, 'a string');
      texts[member] = text;
    }
    return texts;
  }

  /** Refuses unknown members, so that a misspelt one is not ignored. */
  refuseOthers(): void {
    const unknown = Object.keys(this.#members).find((name) => !this.#read.has(name));
    if (unknown !== undefined) this.#refuse(unknown, 'no such member');
  }

  #refuse(name: string, expected: string): never {
    throw new TypeError(`${this.#where}.${name}: expected ${expected}`);
  }
}
