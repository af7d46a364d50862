import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ DOCS: 'off' });
});
afterAll(async () => {
  await stack.stop();
});

it.each([
  '/docs',
  '/docs/',
  '/docs?x',
  '/docs/page.js',
  '/docs/swagger-ui-bundle.js',
  '/docs/nothing.js',
  '/openapi.json',
  '/openapi.json/',
])('without docs there is no %s', async (path) => {
  for (const method of ['GET', 'POST']) {
    const { status, error, innerError } = await stack.ask(method, path);
    expect([status, error['code']]).toEqual([404, 'ResourceNotFound']);
    expect(innerError).toMatchObject({ origin: 'proxy' });
  }
});

it('without docs everything else is there', async () => {
  const [alive, created] = [await stack.get('/livez'), await stack.create()];
  expect([alive.status, created.status]).toEqual([200, 201]);
});
