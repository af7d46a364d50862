import { getMetadataStorage } from 'class-validator';
import type { TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { isObject } from '../values.ts';

/** A class with class-validator decorators and a constructor without parameters. */
export type Model<T extends object = object> = new () => T;

/** Declared properties by name, in order. A collection has the model of its items. */
export type Properties = ReadonlyMap<string, Model | undefined>;

const cache = new Map<Model, Properties>();

/** The properties that the decorators of `model` declare. */
export function propertiesOf(model: Model): Properties {
  const found = cache.get(model);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(model, '', true, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  const properties = new Map(Array.from(names, (name) => [name, itemModel(model, name)]));
  cache.set(model, properties);
  return properties;
}

/** Copies a valid `input` without its control information. */
export function withoutAnnotations<T extends object>(model: Model, input: T): T {
  const kept = { ...input };
  const declared = propertiesOf(model);
  for (const [name, value] of Object.entries(input)) {
    const item = declared.get(name);
    if (!declared.has(name)) Reflect.deleteProperty(kept, name);
    else if (item && Array.isArray(value))
      Object.assign(kept, { [name]: itemsWithoutAnnotations(item, value) });
  }
  return kept;
}

function itemsWithoutAnnotations(item: Model, items: readonly unknown[]): unknown {
  return items.map((each) => (isObject(each) ? withoutAnnotations(item, each) : each));
}

// The library's declaration omits that the result may be undefined.
const typeMetadata: (model: Model, name: string) => TypeMetadata | undefined = (model, name) =>
  defaultMetadataStorage.findTypeMetadata(model, name);

function itemModel(model: Model, name: string): Model | undefined {
  const type: unknown = typeMetadata(model, name)?.typeFunction();
  return isModel(type) ? type : undefined;
}

function isModel(type: unknown): type is Model {
  return typeof type === 'function' && type.prototype !== undefined;
}
