/** What an API consists of: the schema of its metadata, and who may call it. */
export type Kind =
  | 'entity type'
  | 'complex type'
  | 'enum type'
  | 'property'
  | 'navigation property'
  | 'enum member'
  | 'singleton'
  | 'permission row'
  | 'annotation';

export type Fact = string | number | boolean;

export interface Element {
  readonly kind: Kind;
  /** With its namespace and its type, as in `microsoft.graph.phone/number`. */
  readonly name: string;
  /** A fact that is absent is not known, and is not compared. */
  readonly facts: Readonly<Record<string, Fact>>;
}

/**
 * Elements by kind and name. A document of Graph and the code of this project are both read into it,
 * so that one comparison serves for any two of them.
 */
export type ApiModel = ReadonlyMap<string, Element>;

export const NAMESPACE = 'microsoft.graph';

export function keyOf({ kind, name }: Pick<Element, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

export function modelOf(elements: Iterable<Element>): ApiModel {
  return new Map(Array.from(elements, (element) => [keyOf(element), element]));
}

/** A name of Graph's main namespace, with the namespace. */
export function qualified(name: string): string {
  return `${NAMESPACE}.${name}`;
}

export function isCollection(type: Fact | undefined): boolean {
  return String(type).startsWith('Collection(');
}
