import type { SchemaObject } from 'ajv';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { ANNOTATION_PREFIX } from './names.ts';
import { ITEMS_ARE_OBJECTS } from '../model/rules.ts';

/**
 * JSON Schemas (2020-12) of the request bodies by class name, derived from the decorators. They
 * refuse unknown properties. They do not say that an update needs at least one property.
 *
 * @param refPrefix the start of a `$ref` between the schemas, such as `#/$defs/`
 */
export function bodySchemas(refPrefix: string): Record<string, SchemaObject> {
  const schemas = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: refPrefix,
    // The items already have the type "object".
    additionalConverters: { [ITEMS_ARE_OBJECTS]: {} },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      {
        ...schema,
        additionalProperties: false,
        patternProperties: { [`^${ANNOTATION_PREFIX.replace('.', '\\.')}`]: {} },
      },
    ]),
  );
}
