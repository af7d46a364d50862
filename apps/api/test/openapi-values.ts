import { isObject } from '@bookings/domain';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { objectIn } from './json.ts';

type Schema = Record<string, unknown>;

const TEXTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
};

/** Generates and validates values by the schemas of an OpenAPI document. */
export class OpenApiValues {
  readonly #ajv = new Ajv2020({ allowUnionTypes: true, strict: false, validateFormats: false });

  constructor(readonly document: Record<string, unknown>) {
    this.#ajv.addSchema(document, 'document');
  }

  /** The reason why `value` does not match `schema`; undefined when it does. */
  misfit(schema: Schema, value: unknown): string | undefined {
    const check = this.#ajv.compile(absolute(schema));
    return check(value) ? undefined : this.#ajv.errorsText(check.errors);
  }

  /** Values that match `schema`. */
  of(schema: Schema): fc.Arbitrary<unknown> {
    const check: ValidateFunction = this.#ajv.compile(absolute(schema));
    return this.#roughly(schema).filter((value) => check(value));
  }

  /** Resolves a reference to a component. Returns other nodes unchanged. */
  resolved(node: unknown): Schema {
    if (!isObject(node)) return {};
    const { $ref } = node;
    if (typeof $ref !== 'string') return node;
    return $ref.split('/').slice(1).reduce(objectIn, this.document);
  }

  #roughly(given: unknown): fc.Arbitrary<unknown> {
    const schema = this.resolved(given);
    const { type, enum: members, items, properties, maxLength = 40, maxItems = 3, format } = schema;
    const { anyOf, pattern, examples } = schema;
    if (Array.isArray(members)) return fc.constantFrom(...list(members));
    if ('const' in schema) return fc.constant(schema['const']);
    if (type === undefined && Array.isArray(anyOf)) {
      return fc.oneof(...list(anyOf).map((each) => this.#roughly(each)));
    }
    if (Array.isArray(type)) {
      return fc.oneof(...list(type).map((each) => this.#roughly({ ...schema, type: each })));
    }
    if (type === 'null') return fc.constant(null);
    if (type === 'boolean') return fc.boolean();
    if (type === 'integer') return fc.integer({ min: Number(schema['minimum'] ?? 0), max: 1000 });
    if (type === 'array')
      return fc.array(this.#roughly(items), { maxLength: Math.min(3, Number(maxItems)) });
    if (type === 'object' && isObject(properties)) return this.#object(properties, schema);
    const text = TEXTS[String(format)];
    // A pattern can be too strict for random text.
    if (pattern !== undefined && Array.isArray(examples)) return fc.constantFrom(...list(examples));
    return text ?? fc.string({ unit: 'grapheme', maxLength: Math.min(40, Number(maxLength)) });
  }

  #object(properties: Schema, { required }: Schema): fc.Arbitrary<unknown> {
    const names = Object.keys(properties);
    const values = names.map((name) => [name, this.#roughly(properties[name])] as const);
    const requiredKeys = names.filter((name) => list(required).includes(name));
    return fc.record(Object.fromEntries(values), { requiredKeys });
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Makes the references of a schema absolute, for use outside the document. */
function absolute(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
  const parsed: unknown = JSON.parse(text);
  return isObject(parsed) ? parsed : {};
}
