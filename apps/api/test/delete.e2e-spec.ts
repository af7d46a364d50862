import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { checkCase, readersRefused, refusedCallers, repeated } from './cases.ts';
import { BUSINESS, Stack } from './stack.ts';

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
const lostAfter: Fault = { kind: 'reset', when: 'after-stored' };
const lostBefore: Fault = { kind: 'reset', when: 'before-stored' };
const throttled: Fault = { kind: 'status', status: 429, headers: { 'Retry-After': '0' } };

describe('DELETE one customer', () => {
  it('removes it and answers with nothing', async () => {
    const { text } = await checkCase(stack, 'DELETE', { path: PATH, status: 204, up: PATH });
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

  it.each(repeated(PATH, 204))('asks again after %s', async (_title, given) => {
    await checkCase(stack, 'DELETE', given);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it.each<[string, Fault[], number, number]>([
    ['is done when the answer to the first was lost', [lostAfter], 204, 2],
    ['is done when the first was lost and the next one throttled', [lostAfter, throttled], 204, 3],
  ])('finding nothing %s', async (_title, faults, status, seen) => {
    await checkCase(stack, 'DELETE', { path: PATH, faults, status, seen });
  });

  it.each<[string, Fault[], number]>([
    ['at the first attempt', [], 1],
    ['after one that was surely not carried out', [throttled], 2],
  ])('finding nothing is 404 %s', async (_title, faults, seen) => {
    const missing = { path: '/nobody', status: 404, code: 'ErrorItemNotFound' };
    await checkCase(stack, 'DELETE', { ...missing, faults, seen });
  });

  it('says that it cannot know when the first was lost and the next one asks for claims', async () => {
    const headers = { 'WWW-Authenticate': 'Bearer error="insufficient_claims", claims="e30="' };
    const challenge: Fault = { kind: 'status', status: 401, headers };
    const given = { holds: { scopes: ['Bookings.Manage.All'] }, faults: [lostBefore, challenge] };
    const code = 'InvalidAuthenticationToken';
    const unknown = { status: 401, code, outcome: 'unknown', seen: 2 } as const;
    await checkCase(stack, 'DELETE', { path: PATH, ...given, ...unknown });
  });

  it('says that it cannot know when every attempt was lost', async () => {
    const faults = [{ ...lostBefore, times: 9 }];
    const lost = { status: 502, code: 'BadGateway', outcome: 'unknown' } as const;
    await checkCase(stack, 'DELETE', { path: PATH, faults, ...lost, seen: 3 });
  });

  it.each([
    [
      'a media type without a body',
      { headers: { 'content-type': 'application/json' }, status: 204 },
    ],
    ['If-Match', { headers: { 'if-match': '*' }, status: 204 }],
    ['query options', { path: '/{id}?$select=id', status: 400, code: 'BadRequest', seen: 0 }],
    ['no key', { path: '', status: 405, code: 'Request_BadRequest', seen: 0 }],
    ['the key of nothing', { path: "('')", status: 404, code: 'ResourceNotFound', seen: 0 }],
    ['a count', { path: '/$count', status: 400, code: 'BadRequest', seen: 0 }],
  ])('with %s', async (_title, given) => {
    await checkCase(stack, 'DELETE', { path: PATH, ...given });
  });
});
