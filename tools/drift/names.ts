/** Namespaces by alias. A document may use an alias before it declares it. */
export class Names {
  readonly #namespaces = new Map<string, string>();

  alias(alias: string | undefined, namespace: string): void {
    if (alias !== undefined) this.#namespaces.set(alias, namespace);
  }

  /** The name of a type, a term or a target with its namespace, also within `Collection( )`. */
  expanded(name: string): string {
    const match = /^(Collection\()?([^()/]+)\.([^.()/]+)(\/[^()]*)?(\))?$/.exec(name);
    if (!match) return name;
    const [, open = '', prefix = '', simple = '', path = '', close = ''] = match;
    return `${open}${this.#namespaces.get(prefix) ?? prefix}.${simple}${path}${close}`;
  }
}
