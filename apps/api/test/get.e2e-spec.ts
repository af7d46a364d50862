import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkCase, readers, refusedCallers, refusedOptions, repeated } from './cases.ts';
import { Stack } from './stack.ts';

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

const PATH = '/{id}';

describe('GET one customer', () => {
  it('answers with the customer as Graph has it', async () => {
    const { body, headers } = await checkCase(stack, 'GET', { path: PATH, status: 200, up: PATH });
    expect(body).toMatchObject({
      displayName: 'Joni Sherman',
      emailAddress: 'jonis@relecloud.com',
    });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('server-timing')).toMatch(/^queue;dur=[\d.]+, graph;dur=[\d.]+$/);
  });

  it.each(refusedCallers(PATH))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each(readers(PATH))('serves %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each(refusedOptions(PATH))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each(repeated(PATH, 200))('asks again after %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each([
    ['options go up', { path: '/{id}?$select=id', status: 200, up: '/{id}?$select=id' }],
    [
      'an encoded dollar is one',
      { path: '/{id}?%24select=id', status: 200, up: '/{id}?$select=id' },
    ],
    [
      'other parameters stay',
      { path: '/{id}?utm=1&$select=id', status: 200, up: '/{id}?$select=id' },
    ],
    ['the key form', { path: "('{id}')", status: 200, up: PATH }],
    ['the key form, encoded', { path: '(%27{id}%27)', status: 200, up: PATH }],
    ['unknown', { path: '/nobody', status: 404, code: 'ErrorItemNotFound' }],
    [
      'a value with & in it',
      { path: '/{id}?$select=id%26$top=1', status: 200, up: '/{id}?$select=id%26$top=1' },
    ],
    ['an empty key', { path: "('')", status: 404, code: 'ResourceNotFound', seen: 0 }],
    ['a segment of OData', { path: '/$value', status: 400, code: 'BadRequest', seen: 0 }],
    ['a key that looks like one', { path: "('$count')", status: 400, code: 'BadRequest', seen: 0 }],
    ['a control character', { path: '/a%00', status: 400, code: 'BadRequest', seen: 0 }],
    ['one level too deep', { path: '/{id}/x', status: 404, code: 'ResourceNotFound', seen: 0 }],
    [
      'dots that are encoded twice',
      { path: '/%252e%252e', status: 404, code: 'ErrorItemNotFound' },
    ],
    ['a slash within', { path: '/a%2Fb', status: 404, code: 'ErrorItemNotFound', up: '/a%2Fb' }],
  ])('%s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it('gives up after three times, and a read has no outcome', async () => {
    const faults = [{ kind: 'reset', when: 'before-stored', times: 9 }] as const;
    const failed = { path: PATH, faults, status: 502, code: 'BadGateway', seen: 3 };
    await checkCase(stack, 'GET', failed);
  });

  it.each([
    ['500', { kind: 'status', status: 500 } as const, 502],
    [
      'a page for people',
      { kind: 'status', status: 200, body: '<html>', contentType: 'text/html' } as const,
      502,
    ],
    ['a list', { kind: 'status', status: 200, body: [] } as const, 502],
    ['more than a customer can be', { kind: 'endless' } as const, 502],
  ])('does not ask again after %s', async (_title, fault, status) => {
    await checkCase(stack, 'GET', { path: PATH, faults: [fault], status, code: 'BadGateway' });
  });

  it.each([304, 412])('hands %d on', async (status) => {
    const headers = { 'if-none-match': 'W/"1"', 'if-match': '*' };
    const body = { error: { code: 'Precondition', message: 'Changed.' } };
    const fault = {
      kind: 'status',
      status,
      headers: { ETag: 'W/"1"' },
      ...(status === 412 && { body }),
    } as const;
    const code = status === 412 ? { code: 'Precondition' } : {};
    const answer = await checkCase(stack, 'GET', {
      path: PATH,
      headers,
      faults: [fault],
      status,
      ...code,
    });
    expect(stack.fake.requests().requests.at(-1)?.headers).toMatchObject(headers);
    if (status === 304) expect([answer.text, answer.headers.get('etag')]).toEqual(['', 'W/"1"']);
  });

  it('does not take another method from a header', async () => {
    const headers = { 'x-http-method-override': 'DELETE' };
    await checkCase(stack, 'GET', {
      path: PATH,
      headers,
      status: 400,
      code: 'BadRequest',
      seen: 0,
    });
  });
});
