import { describe, expect, it } from '@jest/globals';
import { checkCase, readers, refusedCallers, refusedOptions, repeated } from './cases.ts';
import { resetBefore } from './faults.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const PATH = '/{id}';

describe('GET one customer', () => {
  it('returns the customer as Graph stores it', async () => {
    const { body, headers } = await checkCase(stack, 'GET', {
      path: PATH,
      status: 200,
      graphPath: PATH,
    });
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

  it.each(repeated(PATH, 200))('retries after %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it.each([
    [
      'query options, which are forwarded',
      { path: '/{id}?$select=id', status: 200, graphPath: '/{id}?$select=id' },
    ],
    [
      'an encoded dollar sign',
      { path: '/{id}?%24Select=id', status: 200, graphPath: '/{id}?%24Select=id' },
    ],
    [
      'other query parameters, which are not forwarded',
      { path: '/{id}?utm=1&$select=id', status: 200, graphPath: '/{id}?$select=id' },
    ],
    ['the key form', { path: "('{id}')", status: 200, graphPath: PATH }],
    ['the encoded key form', { path: '(%27{id}%27)', status: 200, graphPath: PATH }],
    ['an unknown id', { path: '/unknown', status: 404, code: 'ErrorItemNotFound' }],
    [
      'an option value with an ampersand',
      { path: '/{id}?$select=id%26$top=1', status: 200, graphPath: '/{id}?$select=id%26$top=1' },
    ],
    ['an empty key', { path: "('')", status: 404, code: 'ResourceNotFound', graphRequests: 0 }],
    ['an OData segment', { path: '/$value', status: 400, code: 'BadRequest', graphRequests: 0 }],
    [
      'an OData segment in the key form',
      { path: "('$count')", status: 400, code: 'BadRequest', graphRequests: 0 },
    ],
    ['a control character', { path: '/a%00', status: 400, code: 'BadRequest', graphRequests: 0 }],
    [
      'an extra path segment',
      { path: '/{id}/x', status: 404, code: 'ResourceNotFound', graphRequests: 0 },
    ],
    ['doubly encoded dots', { path: '/%252e%252e', status: 404, code: 'ErrorItemNotFound' }],
    [
      'an encoded slash',
      { path: '/a%2Fb', status: 404, code: 'ErrorItemNotFound', graphPath: '/a%2Fb' },
    ],
  ])('handles %s', async (_title, given) => {
    await checkCase(stack, 'GET', given);
  });

  it('gives graphPath after three attempts and reports no outcome', async () => {
    const faults = [resetBefore(9)] as const;
    const failed = { path: PATH, faults, status: 502, code: 'BadGateway', graphRequests: 3 };
    await checkCase(stack, 'GET', failed);
  });

  it.each([
    ['500', { kind: 'status', status: 500 } as const, 502],
    [
      'an HTML page',
      { kind: 'status', status: 200, body: '<html>', contentType: 'text/html' } as const,
      502,
    ],
    ['a list', { kind: 'status', status: 200, body: [] } as const, 502],
    ['an endless response', { kind: 'endless' } as const, 502],
  ])('does not retry after %s', async (_title, fault, status) => {
    await checkCase(stack, 'GET', { path: PATH, faults: [fault], status, code: 'BadGateway' });
  });

  it.each([304, 412])('returns %d of Graph', async (status) => {
    const headers = { 'if-none-match': 'W/"1"', 'if-match': '*' };
    const body = { error: { code: 'Precondition', message: 'Changed.' } };
    const fault = {
      kind: 'status',
      status,
      headers: { ETag: 'W/"1"' },
      ...(status === 412 && { body }),
    } as const;
    const code = status === 412 ? { code: 'Precondition' } : {};
    const response = await checkCase(stack, 'GET', {
      path: PATH,
      headers,
      faults: [fault],
      status,
      ...code,
    });
    expect(stack.fake.requests().requests.at(-1)?.headers).toMatchObject(headers);
    if (status === 304)
      expect([response.text, response.headers.get('etag')]).toEqual(['', 'W/"1"']);
  });

  it('refuses a method override', async () => {
    const headers = { 'x-http-method-override': 'DELETE' };
    await checkCase(stack, 'GET', {
      path: PATH,
      headers,
      status: 400,
      code: 'BadRequest',
      graphRequests: 0,
    });
  });
});
