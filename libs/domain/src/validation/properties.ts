import { getMetadataStorage } from 'class-validator';
import type { TypeMetadata } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { isObject } from '../values.ts';

/** A class whose properties carry class-validator decorators and whose constructor needs nothing. */
export type Model<T extends object = object> = new () => T;

/** Declared properties by name, in their order; of a collection the model of its items. */
export type Properties = ReadonlyMap<string, Model | undefined>;

const known = new Map<Model, Properties>();

/** The properties that the decorators of `model` declare. */
export function propertiesOf(model: Model): Properties {
  const found = known.get(model);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(model, '', true, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  const properties = new Map(Array.from(names, (name) => [name, itemModel(model, name)]));
  known.set(model, properties);
  return properties;
}

/** `input`, which keeps the rules of `model`, without annotations, for which alone there is no rule. */
export function withoutAnnotations<T extends object>(model: Model, input: T): T {
  const kept = { ...input };
  const declared = propertiesOf(model);
  for (const [name, value] of Object.entries(input)) {
    const item = declared.get(name);
    if (!declared.has(name)) Reflect.deleteProperty(kept, name);
    else if (item && Array.isArray(value)) Object.assign(kept, { [name]: keptItems(item, value) });
  }
  return kept;
}

function keptItems(item: Model, items: readonly unknown[]): unknown {
  return items.map((each) => (isObject(each) ? withoutAnnotations(item, each) : each));
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
