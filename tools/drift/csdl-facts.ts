import { type Fact, type Kind, isCollection } from './api-model.ts';

export type MemberKind = Extract<
  Kind,
  'property' | 'navigation property' | 'enum member' | 'singleton'
>;

type Attributes = Readonly<Record<string, string>>;

const LIMITS: readonly string[] = ['MaxLength', 'Precision', 'Scale', 'Unicode'];

/** The facts of an entity type, a complex type or a container. */
export function structureFacts(local: string, attributes: Attributes): Record<string, Fact> {
  const { BaseType: baseType = '', Abstract, OpenType } = attributes;
  const facts = { baseType, abstract: Abstract === 'true', openType: OpenType === 'true' };
  return local === 'EntityType' ? { ...facts, key: '' } : facts;
}

export function enumFacts(attributes: Attributes): Record<string, Fact> {
  const { UnderlyingType: underlyingType = 'Edm.Int32', IsFlags } = attributes;
  return { underlyingType, isFlags: IsFlags === 'true' };
}

/**
 * The facts of a member, with the defaults of CSDL.
 *
 * @param nextValue the value of an enum member that states none
 */
export function memberFacts(
  kind: MemberKind,
  attributes: Attributes,
  nextValue: number,
): Record<string, Fact> {
  const { Type: type = '', Nullable, ContainsTarget, Value } = attributes;
  // Of a collection of entities, nothing is stated. Of another collection, it speaks of its items.
  const nullable = Nullable !== 'false';
  if (kind === 'enum member') return { value: Value === undefined ? nextValue : Number(Value) };
  if (kind === 'property') return { type, nullable, limits: limitsOf(attributes) };
  if (kind === 'singleton') return { type };
  const facts = { type, containsTarget: ContainsTarget === 'true' };
  return isCollection(type) ? facts : { ...facts, nullable };
}

function limitsOf(attributes: Attributes): string {
  const stated = LIMITS.flatMap((name) => {
    const value = attributes[name];
    return value === undefined ? [] : [`${name} ${value}`];
  });
  return stated.join(', ');
}
