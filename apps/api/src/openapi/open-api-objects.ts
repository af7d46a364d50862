/** A JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type JsonObject = Readonly<Record<string, Json>>;

/** A reference to a component of the document. */
export const ref = (kind: string, name: string): JsonObject => ({
  $ref: `#/components/${kind}/${name}`,
});

/** References to several components, by name. */
export const refs = (kind: string, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, ref(kind, name)]));

/** Content of one media type. */
export const content = (schema: Json, mediaType = 'application/json', more: JsonObject = {}) => ({
  [mediaType]: { schema, ...more },
});

/** A required JSON body with the schema `name`. */
export const jsonBody = (name: string, more: JsonObject = {}): JsonObject => ({
  required: true,
  content: content(ref('schemas', name), 'application/json', more),
});
