import type { Element } from './api-model.ts';
import type { Names } from './names.ts';

/** Texts for people, which are no part of the contract. */
const IS_TEXT = /^(?:Org\.OData\.Core\.V1\.|Core\.)?(?:Long)?Description$/;

interface Found {
  readonly target: string;
  readonly term: string;
  readonly content: string;
}

interface Node {
  readonly local: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: string[];
}

/** Collects annotations: those within an element, and those of `<Annotations Target>`. */
export class AnnotationReader {
  readonly #found: Found[] = [];
  /** The open elements of the annotation that is being read. */
  readonly #open: Node[] = [];
  #target = '';

  /** Says what the next annotations belong to. */
  target(name: string): void {
    this.#target = name;
  }

  /** @returns whether the element is an annotation or within one */
  open(local: string, attributes: Readonly<Record<string, string>>): boolean {
    if (this.#open.length === 0 && local !== 'Annotation') return false;
    this.#open.push({ local, attributes, children: [] });
    return true;
  }

  text(content: string): void {
    const text = content.trim();
    if (text !== '') this.#open.at(-1)?.children.push(text);
  }

  /** @returns whether the element was an annotation or within one */
  close(): boolean {
    const node = this.#open.pop();
    if (node === undefined) return false;
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#keep(node);
    else if (!IS_TEXT.test(node.attributes['Property'] ?? '')) parent.children.push(written(node));
    return true;
  }

  /** @param targets the elements whose annotations are wanted */
  elements(names: Names, targets: ReadonlySet<string>): Element[] {
    return this.#found.flatMap(({ target, term, content }) => {
      const name = `${names.expanded(target)} ${names.expanded(term)}`;
      const isWanted = targets.has(names.expanded(target)) && !IS_TEXT.test(names.expanded(term));
      return isWanted ? [{ kind: 'annotation', name, facts: { content } }] : [];
    });
  }

  #keep({ attributes, children }: Node): void {
    const { Term = '', Qualifier, ...rest } = attributes;
    const term = Qualifier === undefined ? Term : `${Term}#${Qualifier}`;
    const content = written({ local: '', attributes: rest, children }).trim();
    this.#found.push({ target: this.#target, term, content });
  }
}

/** The same text whatever the order of attributes and elements. */
function written({ local, attributes, children }: Node): string {
  const values = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return [local, ...values.sort(), ...children.toSorted().map((each) => `(${each})`)].join(' ');
}
