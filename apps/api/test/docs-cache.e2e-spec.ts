import { describe, expect, it } from '@jest/globals';
import { useStack } from './stack.ts';

const FILES = [
  '/openapi.json',
  '/docs',
  '/docs/page.js',
  '/docs/page.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/swagger-ui.css',
  '/docs/favicon-32x32.png',
];

const stack = useStack();

async function send(path: string, ifNoneMatch?: string, method = 'GET') {
  return stack.request(method, path, {
    token: null,
    headers: ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch },
  });
}

describe.each(FILES)('%s', (path) => {
  it('has a strong ETag that does not change', async () => {
    const [first, second] = [await send(path), await send(path)];
    expect(first.headers.get('etag')).toMatch(/^"[\w-]{20,}"$/);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(first.headers.get('cache-control')).toBe('no-cache');
  });

  it('is answered with 304 and no body when the ETag matches', async () => {
    const tag = (await send(path)).headers.get('etag') ?? '';
    const lists = [tag, `W/${tag}`, `"a", ${tag}`, `"a,b" ,W/"c",${tag}`, '*', ' * '];
    for (const list of lists) {
      for (const method of ['GET', 'HEAD']) {
        const { status, text, headers } = await send(path, list, method);
        expect([list, status, text.length]).toEqual([list, 304, 0]);
        expect([headers.get('etag'), headers.get('content-type')]).toEqual([tag, null]);
      }
    }
  });

  it('is sent when the ETag does not match', async () => {
    const tag = (await send(path)).headers.get('etag') ?? '';
    for (const list of ['"a"', '"a", W/"b"', '', '"*"', tag.slice(1, -1), `"x${tag.slice(1)}`]) {
      const { status, text } = await send(path, list);
      expect([list, status, text.length > 0]).toEqual([list, 200, true]);
    }
  });
});

it('each file of the documentation has a different ETag', async () => {
  const tags = await Promise.all(FILES.map(async (path) => (await send(path)).headers.get('etag')));
  expect(new Set(tags).size).toBe(FILES.length);
});
