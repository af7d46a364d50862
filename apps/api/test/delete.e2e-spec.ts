import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { checkCase, readersRefused, refusedCallers, repeated } from './cases.ts';
import { BUSINESS } from './documented.ts';
import { resetBefore, resetAfter } from './faults.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const PATH = '/{id}';
const lostAfter: Fault = resetAfter();
const lostBefore: Fault = resetBefore();
const throttled: Fault = { kind: 'status', status: 429, headers: { 'Retry-After': '0' } };

describe('DELETE one customer', () => {
  it('removes it and returns an empty response', async () => {
    const { text } = await checkCase(stack, 'DELETE', { path: PATH, status: 204, graphPath: PATH });
    expect(text).toBe('');
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it.each(refusedCallers(PATH))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'DELETE', given);
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it.each(readersRefused(PATH))('refuses %s', async (_title, given) => {
    await checkCase(stack, 'DELETE', given);
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it.each(repeated(PATH, 204))('retries after %s', async (_title, given) => {
    await checkCase(stack, 'DELETE', given);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it.each<[string, Fault[], number, number]>([
    ['the response to the first attempt was lost', [lostAfter], 204, 2],
    [
      'the first response was lost and the second attempt was throttled',
      [lostAfter, throttled],
      204,
      3,
    ],
  ])('treats 404 as success: %s', async (_title, faults, status, graphRequests) => {
    await checkCase(stack, 'DELETE', { path: PATH, faults, status, graphRequests });
  });

  it.each<[string, Fault[], number]>([
    ['on the first attempt', [], 1],
    ['after an attempt that Graph did not carry out', [throttled], 2],
  ])('returns 404 for an unknown customer %s', async (_title, faults, graphRequests) => {
    const missing = { path: '/unknown', status: 404, code: 'ErrorItemNotFound' };
    await checkCase(stack, 'DELETE', { ...missing, faults, graphRequests });
  });

  it('reports an unknown outcome when a lost attempt is followed by a claims challenge', async () => {
    const headers = { 'WWW-Authenticate': 'Bearer error="insufficient_claims", claims="e30="' };
    const challenge: Fault = { kind: 'status', status: 401, headers };
    const given = {
      permissions: { scopes: ['Bookings.Manage.All'] },
      faults: [lostBefore, challenge],
    };
    const code = 'InvalidAuthenticationToken';
    const unknown = { status: 401, code, outcome: 'unknown', graphRequests: 2 } as const;
    await checkCase(stack, 'DELETE', { path: PATH, ...given, ...unknown });
  });

  it('reports an unknown outcome when every attempt was lost', async () => {
    const faults = [{ ...lostBefore, times: 9 }];
    const lost = { status: 502, code: 'BadGateway', outcome: 'unknown' } as const;
    await checkCase(stack, 'DELETE', { path: PATH, faults, ...lost, graphRequests: 3 });
  });

  it.each([
    [
      'a media type without a body',
      { headers: { 'content-type': 'application/json' }, status: 204 },
    ],
    ['If-Match', { headers: { 'if-match': '*' }, status: 204 }],
    [
      'query options',
      { path: '/{id}?$select=id', status: 400, code: 'BadRequest', graphRequests: 0 },
    ],
    ['no customer id', { path: '', status: 405, code: 'Request_BadRequest', graphRequests: 0 }],
    [
      'an empty customer id',
      { path: "('')", status: 404, code: 'ResourceNotFound', graphRequests: 0 },
    ],
    ['a count', { path: '/$count', status: 405, code: 'Request_BadRequest', graphRequests: 0 }],
  ])('handles %s', async (_title, given) => {
    await checkCase(stack, 'DELETE', { path: PATH, ...given });
  });
});
