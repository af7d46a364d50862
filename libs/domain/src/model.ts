import { ARRAY_MAX_SIZE, ValidationTypes, getMetadataStorage } from 'class-validator';
import type { TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { isObject } from './values.ts';

/** A class whose properties carry class-validator decorators and whose constructor needs nothing. */
export type Model<T extends object = object> = new () => T;

/** One declared property of a model. */
export interface ModelProperty {
  readonly name: string;
  readonly required: boolean;
  /** What its value must be, as the end of a sentence; a decorator says it of all its rules together. */
  readonly rule: string;
  /** The model of its elements where it is a collection. */
  readonly item: Model | undefined;
  readonly mostItems: number;
}

const known = new Map<Model, ReadonlyMap<string, ModelProperty>>();

/** The properties that the decorators of `model` declare, by name and in their order. */
export function propertiesOf(model: Model): ReadonlyMap<string, ModelProperty> {
  const found = known.get(model);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(model, '', true, false);
  const groups = Map.groupBy(rules, (rule) => rule.propertyName);
  const properties = new Map(
    Array.from(groups, ([name, own]) => [name, propertyOf(model, name, own)]),
  );
  known.set(model, properties);
  return properties;
}

type Rules = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>;

function propertyOf(model: Model, name: string, rules: Rules): ModelProperty {
  const own = rules.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION);
  const messages = own.map(({ message }) => message).filter((each) => typeof each === 'string');
  const [rule, ...others] = new Set(messages);
  if (rule === undefined || others.length > 0) {
    throw new TypeError(`the rules of ${model.name}.${name} must have one message`);
  }
  const mostItems: unknown = rules.find((each) => each.name === ARRAY_MAX_SIZE)?.constraints[0];
  return {
    name,
    required: !rules.some(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION),
    rule,
    item: itemModel(model, name),
    mostItems: typeof mostItems === 'number' ? mostItems : 0,
  };
}

/**
 * `input`, which keeps the rules of `model`, without annotations, for which alone there is no rule.
 * No instance of the class: JSON takes nearly twice as long to make of one.
 */
export function withoutAnnotations<T extends object>(model: Model, input: T): T {
  const kept = { ...input };
  const declared = propertiesOf(model);
  for (const name of Object.keys(kept)) {
    const property = declared.get(name);
    if (!property) Reflect.deleteProperty(kept, name);
    else if (property.item) Object.assign(kept, { [name]: keptItems(property.item, kept, name) });
  }
  return kept;
}

function keptItems(item: Model, values: object, name: string): unknown {
  const items: unknown = Reflect.get(values, name);
  if (!Array.isArray(items)) return items;
  return items.map((each: unknown) => (isObject(each) ? withoutAnnotations(item, each) : each));
}

// The storage's own declaration does not say that a property may have no such metadata.
const typeMetadata: (model: Model, name: string) => TypeMetadata | undefined = (model, name) =>
  defaultMetadataStorage.findTypeMetadata(model, name);

function itemModel(model: Model, name: string): Model | undefined {
  const type: unknown = typeMetadata(model, name)?.typeFunction();
  return isModel(type) ? type : undefined;
}

function isModel(type: unknown): type is Model {
  return typeof type === 'function' && type.prototype !== undefined;
}
