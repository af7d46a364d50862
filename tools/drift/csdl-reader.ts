import type { SaxesTagNS } from 'saxes';
import { AnnotationReader } from './annotation-reader.ts';
import { type ApiModel, type Fact, type Kind, modelOf } from './api-model.ts';
import { type MemberKind, enumFacts, memberFacts, structureFacts } from './csdl-facts.ts';
import { Names } from './names.ts';
import { isCompared, isComparedMember } from './slice.ts';

const TYPES: ReadonlyMap<string, Kind> = new Map([
  ['EntityType', 'entity type'],
  ['ComplexType', 'complex type'],
  ['EnumType', 'enum type'],
]);
const MEMBERS: ReadonlyMap<string, MemberKind> = new Map([
  ['Property', 'property'],
  ['NavigationProperty', 'navigation property'],
  ['Member', 'enum member'],
  ['Singleton', 'singleton'],
]);
/** The facts that hold the name of a type. */
const NAMES_IN: readonly string[] = ['type', 'baseType', 'underlyingType'];
/** The parser needs more time for each element the deeper it lies. */
const MAX_DEPTH = 100;

/** An element as it was read. Its names may have an alias, which can be declared after its use. */
interface RawElement {
  readonly kind: Kind;
  readonly name: string;
  readonly facts: Record<string, Fact>;
}

type Attributes = Readonly<Record<string, string>>;

/**
 * Collects the elements of CSDL (OData 4.01, XML) that `slice.ts` names, from the events of a parser.
 * It skips everything else, so what another document leaves out there is no removal.
 */
export class CsdlReader {
  readonly #names = new Names();
  readonly #elements: RawElement[] = [];
  readonly #annotations = new AnnotationReader();
  /** The names of the open elements. */
  readonly #open: string[] = [];
  #namespace = '';
  /** The compared type, or the container, that is being read. */
  #owner: Omit<RawElement, 'kind'> | undefined;
  /** The value of the next enum member that states none. */
  #nextValue = 0;

  open({ local, name, attributes: found }: SaxesTagNS): void {
    if (this.#open.length === 0 && local !== 'Edmx') {
      throw new Error(`it begins with <${name}> instead of <edmx:Edmx>`);
    }
    if (this.#open.push(local) > MAX_DEPTH) throw new Error(`<${name}> lies too deep`);
    // An attribute with a prefix is of another vocabulary.
    const attributes = Object.fromEntries(
      Object.values(found).flatMap((each) =>
        each.prefix === '' ? [[each.local, each.value] as const] : [],
      ),
    );
    if (this.#annotations.open(local, attributes)) return;
    const { Namespace = '', Alias, Target = '' } = attributes;
    if (local === 'Schema' || local === 'Include') this.#names.alias(Alias, Namespace);
    if (local === 'Schema') this.#namespace = Namespace;
    else if (local === 'Annotations') this.#annotations.target(Target);
    else if (local === 'EntityContainer' || TYPES.has(local)) this.#openType(local, attributes);
    else if (this.#owner) this.#openMember(local, this.#owner, attributes);
  }

  text(content: string): void {
    this.#annotations.text(content);
  }

  close(local: string): void {
    this.#open.pop();
    if (this.#annotations.close()) return;
    if (local === 'EntityContainer' || TYPES.has(local)) this.#owner = undefined;
    if (local === 'Annotations' || MEMBERS.has(local) || TYPES.has(local)) {
      this.#annotations.target(this.#owner?.name ?? '');
    }
  }

  model(): ApiModel {
    const elements = this.#elements.map(({ kind, name, facts }) => {
      const expanded = Object.entries(facts).map(([fact, value]) => [
        fact,
        NAMES_IN.includes(fact) ? this.#names.expanded(String(value)) : value,
      ]);
      return { kind, name, facts: Object.fromEntries(expanded) as Record<string, Fact> };
    });
    const targets = new Set(elements.map(({ name }) => name));
    return modelOf([...elements, ...this.#annotations.elements(this.#names, targets)]);
  }

  #openType(local: string, attributes: Attributes): void {
    const name = `${this.#namespace}.${attributes['Name'] ?? ''}`;
    const kind = TYPES.get(local);
    if (kind !== undefined && !isCompared(name)) return;
    const facts = local === 'EnumType' ? enumFacts(attributes) : structureFacts(local, attributes);
    this.#owner = { name, facts };
    this.#nextValue = 0;
    this.#annotations.target(name);
    if (kind !== undefined) this.#elements.push({ kind, name, facts });
  }

  #openMember(local: string, owner: Omit<RawElement, 'kind'>, attributes: Attributes): void {
    const simpleName = attributes['Name'] ?? '';
    if (local === 'PropertyRef' && this.#open.at(-2) === 'Key') {
      owner.facts['key'] = [owner.facts['key'], simpleName]
        .filter((each) => each !== '')
        .join(', ');
    }
    const kind = MEMBERS.get(local);
    if (kind === undefined) return;
    const name = `${owner.name}/${simpleName}`;
    this.#annotations.target(name);
    if (!isComparedMember(kind, name)) return;
    const facts = memberFacts(kind, attributes, this.#nextValue);
    if (typeof facts['value'] === 'number') this.#nextValue = facts['value'] + 1;
    this.#elements.push({ kind, name, facts });
  }
}
