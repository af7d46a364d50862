import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { DOCUMENTED_CUSTOMER, bodySchemas, isObject } from '@bookings/domain';
import { DOCUMENTED_REQUEST } from './documented.ts';
import { jsonObject, objectIn } from './json.ts';
import { OPENAPI_FILE, openApiText } from './openapi-file.ts';
import { Stack, useStack } from './stack.ts';

const stack = useStack();
let text: string;
let document: Record<string, unknown>;
beforeAll(async () => {
  ({ text, body: document } = await stack.get('/openapi.json'));
});

describe('/openapi.json', () => {
  it('passes an OpenAPI linter without problems', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: {
        // Graph defines /$count next to /{customer}.
        'no-ambiguous-paths': 'off',
      },
    });
    const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
    expect(
      problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).toEqual([]);
  });

  it('is committed as docs/openapi.json, which "npx nx openapi api" writes', async () => {
    expect(await readFile(OPENAPI_FILE, 'utf8')).toBe(openApiText(document));
  });

  it('has version 3.1', () => {
    expect(document['openapi']).toMatch(/^3\.1\.\d+$/);
  });

  it('describes every route and no other', () => {
    const documented = Object.entries(objectIn(document, 'paths')).flatMap(([path, item]) =>
      Object.keys(isObject(item) ? item : {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = stack.app.routes
      .filter(({ method, url }) => method !== 'HEAD' && !['/', '/docs/:file'].includes(url))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(documented.sort()).toEqual(routes.sort());
  });

  it('has the schemas of the decorators and the documented example', () => {
    const { BookingCustomer, PhysicalAddress, Phone } = bodySchemas('#/components/schemas/');
    expect(objectIn(objectIn(document, 'components'), 'schemas')).toMatchObject({
      BookingCustomer,
      PhysicalAddress,
      Phone,
    });
    expect(DOCUMENTED_CUSTOMER).toEqual(jsonObject(DOCUMENTED_REQUEST));
    expect(text).toContain(JSON.stringify(DOCUMENTED_CUSTOMER));
  });

  it('names PUBLIC_BASE_URL as its server', async () => {
    const PUBLIC_BASE_URL = 'https://bookings.contoso.com/proxy';
    const other = await Stack.start({ PUBLIC_BASE_URL });
    const { body } = await other.get('/openapi.json');
    await other.stop();
    expect([document['servers'], body['servers']]).toEqual([
      [{ url: '/' }],
      [{ url: PUBLIC_BASE_URL }],
    ]);
  });

  it('names Retry-Attempt where it counts, and nowhere else', () => {
    const named = Object.values(objectIn(document, 'paths')).flatMap((item) =>
      Object.values(isObject(item) ? item : {})
        .filter((operation) => JSON.stringify(operation).includes('parameters/Retry-Attempt'))
        .map((operation) => isObject(operation) && operation['operationId']),
    );
    expect(named).toEqual(['createCustomer', 'batch']);
  });

  it.each(['listCustomers', 'countCustomers', 'getCustomer'])(
    'says which parameters %s ignores',
    (id) => {
      const operations = Object.values(objectIn(document, 'paths')).flatMap((item) =>
        Object.values(isObject(item) ? item : {}).filter(isObject),
      );
      expect(operations.find(({ operationId }) => operationId === id)?.['description']).toContain(
        'other parameters, such as `page=2`, are ignored',
      );
    },
  );

  it('says whether a create requires an Idempotency-Key', async () => {
    const strict = await Stack.start({ IDEMPOTENCY_KEY: 'required' });
    const { body } = await strict.get('/openapi.json');
    await strict.stop();
    const needed = (described: Record<string, unknown>) =>
      ['components', 'parameters', 'Idempotency-Key'].reduce(objectIn, described)['required'];
    expect([needed(document), needed(body)]).toEqual([false, true]);
  });
});
