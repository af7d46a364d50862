import type { SchemaObject } from 'ajv';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { ANNOTATION_PREFIX } from './names.ts';
import { ITEMS_ARE_OBJECTS } from './rules.ts';

/**
 * JSON Schemas (2020-12) of what callers write, derived from the decorators, by class name. Unknown
 * properties are refused. Where none of several properties is required but one of them must be
 * there, as in an update, the schemas do not say so.
 *
 * @param refPrefix what a `$ref` to one of them begins with, such as `#/$defs/`
 */
export function bodySchemas(refPrefix: string): Record<string, SchemaObject> {
  const schemas = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: refPrefix,
    // An item of type "object" already says it.
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
