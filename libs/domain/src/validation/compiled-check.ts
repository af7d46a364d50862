import { Ajv, type ValidateFunction } from 'ajv';
import { bodySchemas } from './body-schemas.ts';
import type { Model } from './properties.ts';
import { isEmailAddress } from '../model/email-address.ts';
import { isWellFormed } from '../values.ts';

const compiled = new Map<string, ValidateFunction>();

/**
 * Checks `input` with a schema that is derived from the decorators of `model`. It never accepts what
 * class-validator refuses; a property test shows this. It may refuse valid input, so `validate`
 * decides about everything that it refuses.
 */
export function passesCompiledCheck(model: Model, input: unknown): boolean {
  let passes = compiled.get(model.name);
  if (!passes) {
    ajv ??= createAjv();
    passes = ajv.compile({ $ref: `${BODIES}#/$defs/${model.name}` });
    compiled.set(model.name, passes);
  }
  return passes(input);
}

/** The `$id` of the schema with all bodies. */
const BODIES = 'bodies';
/** Created for the first body: by then all decorators have run. */
let ajv: Ajv | undefined;

function createAjv(): Ajv {
  const created = new Ajv({ allowUnionTypes: true, allowMatchingProperties: true });
  created.addFormat('email', { type: 'string', validate: isEmailAddress });
  created.addKeyword({
    keyword: 'wellFormed',
    validate: (_schema: boolean, value: unknown) => isWellFormed(value),
  });
  const exact = { email: { format: 'email' }, controlInformation: { wellFormed: true } };
  return created.addSchema({ $id: BODIES, $defs: bodySchemas('#/$defs/', exact) });
}
