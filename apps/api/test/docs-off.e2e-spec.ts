import { expect, it } from '@jest/globals';
import { useStack } from './stack.ts';

const stack = useStack({ DOCS: 'off' });

it.each([
  '/',
  '/docs',
  '/docs/',
  '/docs?x',
  '/docs/page.js',
  '/docs/page.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/nothing.js',
  '/openapi.json',
  '/openapi.json/',
])('DOCS=off removes %s', async (path) => {
  for (const method of ['GET', 'POST']) {
    const { status, error, innerError } = await stack.request(method, path);
    expect([status, error['code']]).toEqual([404, 'ResourceNotFound']);
    expect(innerError).toMatchObject({ origin: 'proxy' });
  }
});

it('DOCS=off removes nothing else', async () => {
  const [alive, created] = [await stack.get('/livez'), await stack.create()];
  expect([alive.status, created.status]).toEqual([200, 201]);
});
