import { describe, expect, it } from '@jest/globals';
import { checkCase, readers, refusedCallers, refusedOptions, repeated } from './cases.ts';
import { customersPath } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const PATH = '/$count';

describe('GET $count', () => {
  it('returns the number as text', async () => {
    const { text, headers } = await checkCase(stack, 'GET', {
      path: PATH,
      status: 200,
      graphPath: PATH,
    });
    expect(text.replace('\uFEFF', '')).toBe('1');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(stack.fake.requests().requests.at(-1)?.headers).toMatchObject({ accept: 'text/plain' });
  });

  it.each([
    ...refusedCallers(PATH),
    ...readers(PATH),
    ...refusedOptions(PATH),
    ...repeated(PATH, 200),
  ])('handles %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each(['/%24count', '/$Count', '/$count/'])('is also available at %s', async (path) => {
    await checkCase(stack, 'GET', { path, status: 200, graphPath: PATH });
  });

  it.each(['', 'many', '-1', '1.5', '{}'])(
    'returns 502 when Graph responds with %j',
    async (body) => {
      const fault = { kind: 'status', status: 200, body, contentType: 'text/plain' } as const;
      const given = { path: PATH, faults: [fault], status: 502, code: 'BadGateway' };
      await checkCase(stack, 'GET', given);
    },
  );

  it('allows no method other than GET and HEAD', async () => {
    const { status, headers } = await stack.request('PUT', `${customersPath()}${PATH}`, {
      body: '{}',
    });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
