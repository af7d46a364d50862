import type { SchemaObject } from 'ajv';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { EXCLUDES, UNPAIRED_SURROGATES } from '../model/characters.ts';
import { EMAIL_SCHEMA, IS_EMAIL_ADDRESS } from '../model/email-address.ts';
import { ITEMS_ARE_OBJECTS } from '../model/rules.ts';
import { CONTROL_INFORMATION } from './names.ts';

/** Schemas of what JSON Schema alone can only approximate. */
export interface Approximations {
  readonly email: SchemaObject;
  readonly controlInformation: SchemaObject;
}

const wellFormed = withoutMatch(UNPAIRED_SURROGATES.pattern.source);

const FOR_READERS: Approximations = {
  email: EMAIL_SCHEMA,
  // Only words: in strict mode, Ajv refuses a pattern with rules that also matches `@odata.type`.
  controlInformation: {
    description: 'Control information of OData, which is ignored. Its strings are well-formed.',
  },
};

/**
 * JSON Schemas (2020-12) of the request bodies by class name, derived from the decorators. They
 * refuse unknown properties. They do not say that an update needs at least one property.
 *
 * @param refPrefix the start of a `$ref` between the schemas, such as `#/$defs/`
 */
export function bodySchemas(
  refPrefix: string,
  { email, controlInformation } = FOR_READERS,
): Record<string, SchemaObject> {
  const schemas = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: refPrefix,
    additionalConverters: {
      // The items already have the type "object".
      [ITEMS_ARE_OBJECTS]: {},
      [EXCLUDES]: ({ constraints }: { readonly constraints: readonly unknown[] }) =>
        withoutMatch(String(constraints[0])),
      [IS_EMAIL_ADDRESS]: email,
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      {
        ...schema,
        additionalProperties: false,
        patternProperties: { [CONTROL_INFORMATION.source]: controlInformation },
        propertyNames: wellFormed,
      },
    ]),
  );
}

/** Any value but a string that matches. Without the type, null would match `not`. */
function withoutMatch(pattern: string): SchemaObject {
  return { not: { type: 'string', pattern } };
}
