import { Ajv, type SchemaObject, type ValidateFunction } from 'ajv';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { isEmail } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { Model } from './model.ts';
import { ANNOTATION_PREFIX } from './names.ts';
import { ITEMS_ARE_OBJECTS } from './rules.ts';

const compiled = new Map<Model, ValidateFunction>();

/**
 * Whether `input` keeps every rule that the decorators of `model` state, decided in about a
 * microsecond. A yes is final; a no may be wrong (a property test keeps count) and is for
 * class-validator to explain or to overrule.
 */
export function passesCompiledCheck(model: Model, input: unknown): boolean {
  let check = compiled.get(model);
  if (!check) {
    check = compile(model);
    compiled.set(model, check);
  }
  return check(input);
}

function compile(model: Model): ValidateFunction {
  const ajv = new Ajv({ allowUnionTypes: true });
  ajv.addFormat('email', { type: 'string', validate: (value: string) => isEmail(value) });
  return ajv.compile({ $defs: modelSchemas(), $ref: `#/$defs/${model.name}` });
}

/** JSON Schemas derived from the decorators, by class name. Unknown properties are refused. */
function modelSchemas(): Record<string, SchemaObject> {
  const schemas = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/$defs/',
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
