/** A property of Graph has such a name. Another text could be data of a person. */
const NAME = /^[A-Za-z_]\w{0,63}(?:\.[A-Za-z_]\w{0,63})?$/;

/** What stands for all names that get no label of their own. */
export const OTHER = 'other';

/** Labels for names that come from outside: the first `size` names, then `other`. */
export class BoundedNames {
  readonly #names = new Set<string>();

  constructor(private readonly size: number) {}

  label(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= this.size || !NAME.test(name)) return OTHER;
    this.#names.add(name);
    return name;
  }
}
