import { Ajv, type ValidateFunction } from 'ajv';
import { bodySchemas } from './body-schemas.ts';
import type { Model } from './properties.ts';
import { isEmailAddress } from './rules.ts';

const compiled = new Map<string, ValidateFunction>();

/**
 * Whether `input` keeps every rule that the decorators of `model` state. A yes is final; a no may be
 * wrong (a property test counts) and is for `explain` to explain or to overrule.
 */
export function passesCompiledCheck(model: Model, input: unknown): boolean {
  let passes = compiled.get(model.name);
  if (!passes) {
    rules ??= withAllBodies();
    passes = rules.compile({ $ref: `${BODIES}#/$defs/${model.name}` });
    compiled.set(model.name, passes);
  }
  return passes(input);
}

/** What the schemas of all bodies are known by. */
const BODIES = 'bodies';
/** Once for all of them, when the first body is there: the decorators are not all read before. */
let rules: Ajv | undefined;

function withAllBodies(): Ajv {
  const ajv = new Ajv({ allowUnionTypes: true });
  ajv.addFormat('email', { type: 'string', validate: isEmailAddress });
  return ajv.addSchema({ $id: BODIES, $defs: bodySchemas('#/$defs/') });
}
