import { beforeAll, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { objectIn } from './json.ts';
import { objectsIn } from './open-api-tree.ts';
import { OpenApiValues } from './openapi-values.ts';
import { useStack } from './stack.ts';

const IN_SCHEMA = /\/schemas\/|\/properties\//;

const stack = useStack();
let document: Record<string, unknown>;
let values: OpenApiValues;
beforeAll(async () => {
  ({ body: document } = await stack.get('/openapi.json'));
  values = new OpenApiValues(document);
});

const nodesWith = (key: string) =>
  [...objectsIn(document)].filter(
    ({ path }) => !path.endsWith('/properties') && (key === 'properties' || !IN_SCHEMA.test(path)),
  );

/** The paths of the named members of `key` anywhere in the document that have no description. */
const withoutDescription = (key: string): string[] =>
  // Properties of a schema may have such names too.
  nodesWith(key).flatMap(({ path, node }) =>
    Object.entries(objectIn(node, key))
      .filter(([, each]) => typeof values.resolved(each)['description'] !== 'string')
      .map(([name]) => `${path}/${key}/${name}`),
  );

const operations = (): (readonly [string, Record<string, unknown>])[] =>
  Object.values(objectIn(document, 'paths'))
    .flatMap((item) => Object.values(isObject(item) ? item : {}))
    .filter(isObject)
    .map((operation) => [String(operation['operationId']), operation] as const);

describe('the OpenAPI document', () => {
  it.each(['properties', 'schemas', 'parameters', 'headers', 'responses', 'securitySchemes'])(
    'describes all of its %s',
    (key) => {
      expect(withoutDescription(key)).toEqual([]);
    },
  );

  it('describes every operation', () => {
    const undescribed = operations().filter(
      ([, { description }]) => typeof description !== 'string',
    );
    expect([operations().length > 10, undescribed]).toEqual([true, []]);
  });

  it('has an example of every body, which its schema accepts', () => {
    const seen = operations().flatMap(([id, operation]) => {
      const responses = Object.entries(objectIn(operation, 'responses'));
      return [['request', operation['requestBody']] as const, ...responses].flatMap(
        ([name, given]) =>
          Object.values(objectIn(values.resolved(given), 'content')).map((media) => {
            const { schema, examples } = isObject(media) ? media : {};
            const [first] = Object.values(isObject(examples) ? examples : {});
            const value = isObject(first) ? first['value'] : undefined;
            if (value === undefined) return `${id} ${name} has no example`;
            return values.misfit(isObject(schema) ? schema : { not: {} }, value);
          }),
      );
    });
    expect(seen.length).toBeGreaterThan(80);
    expect(seen.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('says that a customer in a response has an id', () => {
    const { StoredBookingCustomer } = objectIn(objectIn(document, 'components'), 'schemas');
    expect(StoredBookingCustomer).toMatchObject({ required: ['id'] });
  });

  it('names no schema like a global of JavaScript', () => {
    const names = Object.keys(objectIn(objectIn(document, 'components'), 'schemas'));
    expect(names).toContain('GraphError');
    expect(names.filter((name) => name in globalThis)).toEqual([]);
  });

  it('has an SPDX licence', () => {
    expect(objectIn(document, 'info')['license']).toEqual({ name: 'MIT', identifier: 'MIT' });
  });
});
