import { type Report, issue, pull } from './report.ts';

export interface ClientReport extends Report {
  /** What the types that openapi-typescript makes must hold. */
  readonly holds: (types: string) => boolean;
}

const names = (types: string) =>
  // The components have four spaces before the name of a schema.
  Array.from(/schemas: \{\n([^]*?)\n {4}\};/.exec(types)?.[1]?.matchAll(/^ {8}(\w+):/gm) ?? []).map(
    ([, name = '']) => name,
  );
const schema = (types: string, name: string) =>
  new RegExp(`^ {8}${name}: [^]*?^ {8}\\};`, 'm').exec(types)?.[0] ?? '';

/** What callers of generated clients had to cast, rename or work around. */
export const CLIENTS: readonly ClientReport[] = [
  {
    source: issue('hey-api/hey-api', 1277),
    input: 'the id of what was read',
    right: 'required',
    holds: (types) => /^ +(?:readonly )?id: string;/m.test(schema(types, 'StoredBookingCustomer')),
  },
  {
    source: issue('better-auth/better-auth', 6446),
    input: 'the id of what was read',
    right: 'never optional',
    holds: (types) => !/ id\?: /.test(schema(types, 'StoredBookingCustomer')),
  },
  {
    source: issue('openapi-ts/openapi-typescript', 1277),
    input: 'a body with alternatives',
    right: 'no Record<string, never>',
    holds: (types) => !schema(types, 'BatchRequests').includes('Record<string, never>'),
  },
  {
    source: issue('openapi-ts/openapi-typescript', 1514),
    input: 'an object that may be null',
    right: 'no Record<string, never>',
    holds: (types) => /headers\?: \{[^}]*\} \| null/.test(schema(types, 'BatchRequests')),
  },
  {
    source: issue('swagger-api/swagger-codegen', 12166),
    input: 'a schema named Error',
    right: 'there is none',
    holds: (types) => names(types).length > 5 && !names(types).includes('Error'),
  },
  {
    source: issue('hey-api/hey-api', 3481),
    input: 'a schema with the name of a global type',
    right: 'there is none',
    holds: (types) => names(types).every((name) => !(name in globalThis)),
  },
  {
    source: pull('PhilanthropyDataCommons/service', 746),
    input: 'the schema of an error',
    right: 'has a name of its own',
    holds: (types) => names(types).includes('GraphError'),
  },
  {
    source: issue('ajv-validator/ajv', 1646),
    input: 'the format of an e-mail address',
    right: 'none is claimed',
    holds: (types) => !/Format: (idn-)?email/.test(types),
  },
];
