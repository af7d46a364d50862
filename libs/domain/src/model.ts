import { getMetadataStorage } from 'class-validator';
import type { TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { isObject } from './values.ts';

/** A class whose properties carry class-validator decorators and whose constructor needs nothing. */
export type Model<T extends object = object> = new () => T;

/** One declared property of a model; `item` is the model of its elements where it is a collection. */
export interface ModelProperty {
  readonly name: string;
  readonly item: Model | undefined;
}

const known = new Map<Model, readonly ModelProperty[]>();

/** The properties that the decorators of `model` declare, in their order. */
export function propertiesOf(model: Model): readonly ModelProperty[] {
  const found = known.get(model);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(model, '', true, false);
  const properties = [...new Set(rules.map((rule) => rule.propertyName))].map((name) => ({
    name,
    item: itemModel(model, name),
  }));
  known.set(model, properties);
  return properties;
}

/**
 * A `model` that holds the declared properties of `input`, whatever their values are. It looks at
 * nothing else, which class-transformer does: the explanation of a refusal takes half the time.
 */
export function assemble<T extends object>(model: Model<T>, input: Record<string, unknown>): T {
  const kept: Record<string, unknown> = {};
  for (const { name, item } of propertiesOf(model)) {
    const value = input[name];
    if (value === undefined) continue;
    kept[name] =
      item && Array.isArray(value)
        ? value.map((element: unknown) => (isObject(element) ? assemble(item, element) : element))
        : value;
  }
  return Object.assign(new model(), kept);
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
