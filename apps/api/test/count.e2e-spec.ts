import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkCase, readers, refusedCallers, refusedOptions, repeated } from './cases.ts';
import { Stack, customersPath } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const PATH = '/$count';

describe('GET the number of customers', () => {
  it('is text', async () => {
    const { text, headers } = await checkCase(stack, 'GET', { path: PATH, status: 200, up: PATH });
    expect(text.replace('\uFEFF', '')).toBe('1');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(stack.fake.requests().requests.at(-1)?.headers).toMatchObject({ accept: 'text/plain' });
  });

  it.each([
    ...refusedCallers(PATH),
    ...readers(PATH),
    ...refusedOptions(PATH),
    ...repeated(PATH, 200),
  ])('with %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each(['/%24count', '/$Count', '/$count/'])('is at %s too', async (path) => {
    await checkCase(stack, 'GET', { path, status: 200, up: PATH });
  });

  it.each(['', 'many', '-1', '1.5', '{}'])('is refused when Graph says %j', async (body) => {
    const fault = { kind: 'status', status: 200, body, contentType: 'text/plain' } as const;
    const given = { path: PATH, faults: [fault], status: 502, code: 'BadGateway' };
    await checkCase(stack, 'GET', given);
  });

  it('has no other method than to read', async () => {
    const { status, headers } = await stack.ask('PUT', `${customersPath()}${PATH}`, { body: '{}' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
