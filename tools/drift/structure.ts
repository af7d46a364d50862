import { type Element, type Fact, NAMESPACE, qualified } from './api-model.ts';
import { SINGLETON } from './slice.ts';
import { CouldNotCompare } from './source.ts';

/**
 * What the code takes for granted of Graph's schema without a declaration of its own: the path to the
 * customers, the base types (which are why a body names its `@odata.type`), and the types of what
 * only Graph sets.
 */
export const STRUCTURE: readonly Element[] = [
  { kind: 'singleton', name: SINGLETON, facts: { type: qualified('solutionsRoot') } },
  entityType('solutionsRoot', ''),
  contained('solutionsRoot/bookingBusinesses', 'bookingBusiness'),
  entityType('bookingBusiness', qualified('entity')),
  // The declared type of an item is abstract.
  contained('bookingBusiness/customers', 'bookingCustomerBase'),
  { ...entityType('entity', ''), facts: { ...structure('', true), key: 'id' } },
  { ...entityType('bookingCustomerBase', qualified('entity')), facts: abstractEntity() },
  entityType('bookingCustomer', qualified('bookingCustomerBase')),
  { kind: 'complex type', name: qualified('phone'), facts: structure('', false) },
  { kind: 'complex type', name: qualified('physicalAddress'), facts: structure('', false) },
];

const SET_BY_GRAPH: Readonly<Record<string, Element>> = {
  id: property('entity', 'id', 'Edm.String', false),
  createdDateTime: property('bookingCustomer', 'createdDateTime', 'Edm.DateTimeOffset', true),
  lastUpdatedDateTime: property(
    'bookingCustomer',
    'lastUpdatedDateTime',
    'Edm.DateTimeOffset',
    true,
  ),
};

/** The properties that only Graph sets, by the names that the code knows. */
export function readOnlyProperties(names: readonly string[]): Element[] {
  return names.map((name) => {
    const known = SET_BY_GRAPH[name];
    if (known === undefined)
      throw new CouldNotCompare(
        `the type of ${name} is unknown; state it in tools/drift/structure.ts`,
      );
    return known;
  });
}

/** @param type without the namespace if it is Graph's, as in `Collection(phone)` */
export function property(owner: string, name: string, type: string, nullable: boolean): Element {
  const facts = { type: withNamespace(type), nullable, limits: '' };
  return { kind: 'property', name: `${qualified(owner)}/${name}`, facts };
}

/** @param members in the order of their values, which begin at 0 */
export function enumElements(type: string, members: readonly string[]): Element[] {
  const name = qualified(type);
  return [
    { kind: 'enum type', name, facts: { underlyingType: 'Edm.Int32', isFlags: false } },
    ...members.map((member, value): Element => {
      return { kind: 'enum member', name: `${name}/${member}`, facts: { value } };
    }),
  ];
}

function withNamespace(type: string): string {
  return type.includes('.') ? type : type.replace(/\w+(?=\)?$)/, `${NAMESPACE}.$&`);
}

function structure(baseType: string, abstract: boolean): Record<string, Fact> {
  return { baseType, abstract, openType: false };
}

function abstractEntity(): Record<string, Fact> {
  return { ...structure(qualified('entity'), true), key: '' };
}

function entityType(name: string, baseType: string): Element {
  return {
    kind: 'entity type',
    name: qualified(name),
    facts: { ...structure(baseType, false), key: '' },
  };
}

function contained(name: string, itemType: string): Element {
  const facts = { type: `Collection(${qualified(itemType)})`, containsTarget: true };
  return { kind: 'navigation property', name: qualified(name), facts };
}
