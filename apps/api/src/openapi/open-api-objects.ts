import { isObject } from '@bookings/domain';

/** A JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type JsonObject = Readonly<Record<string, Json>>;

/** The value as a JSON object. Throws for what a mistake in a model would leave instead of one. */
export function jsonObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new TypeError('A model has no schema.');
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

/** A reference to a component of the document. */
export const ref = (kind: string, name: string): JsonObject => ({
  $ref: `#/components/${kind}/${name}`,
});

/** References to several components, by name. */
export const refs = (kind: string, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, ref(kind, name)]));

/** A schema of a type, with what its values mean. */
export const described = (
  type: 'string' | 'boolean' | 'integer',
  description: string,
): JsonObject => ({ type, description });

/** One example of a media type, under a name that tools show. */
export const example = (value: Json, summary: string): JsonObject => ({
  examples: { documented: { summary, value } },
});

/** Content of one media type. */
export const content = (schema: Json, mediaType = 'application/json', more: JsonObject = {}) => ({
  [mediaType]: { schema, ...more },
});

/** A required JSON body with the schema `name`. */
export const jsonBody = (name: string, more: JsonObject): JsonObject => ({
  required: true,
  content: content(ref('schemas', name), 'application/json', more),
});
