import { Ajv, type ValidateFunction } from 'ajv';
import { isEmail } from 'class-validator';
import { bodySchemas } from './body-schemas.ts';
import type { Model } from './model.ts';
import { isPlainEmail } from './plain-email.ts';

const compiled = new Map<string, ValidateFunction>();

/**
 * Whether `input` keeps every rule that the decorators of `model` state, decided in about a
 * microsecond. A yes is final; a no may be wrong (a property test keeps count) and is for
 * `explain` to explain or to overrule.
 */
export function passesCompiledCheck(model: Model, input: unknown): boolean {
  return check(model.name, input);
}

/** The same of one declared property of `model`. */
export function passesCompiledProperty(model: Model, name: string, value: unknown): boolean {
  return check(`${model.name}/properties/${name}`, value);
}

/** @param path of the schema among those of all bodies */
function check(path: string, input: unknown): boolean {
  let passes = compiled.get(path);
  if (!passes) {
    rules ??= withAllBodies();
    passes = rules.compile({ $ref: `${BODIES}#/$defs/${path}` });
    compiled.set(path, passes);
  }
  return passes(input);
}

/** What the schemas of all bodies are known by. */
const BODIES = 'bodies';
/** Once for all of them, when the first body is there: the decorators are not all read before. */
let rules: Ajv | undefined;

function withAllBodies(): Ajv {
  const ajv = new Ajv({ allowUnionTypes: true });
  ajv.addFormat('email', {
    type: 'string',
    validate: (value: string) => isPlainEmail(value) || isEmail(value),
  });
  return ajv.addSchema({ $id: BODIES, $defs: bodySchemas('#/$defs/') });
}
