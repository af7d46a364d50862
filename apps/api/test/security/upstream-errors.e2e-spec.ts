import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { Stack, customersPath } from '../stack.ts';
import { CLAIMS, QUICK, answers, challenge, graphError, html } from './upstream-rows.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start(QUICK);
  await stack.create();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

describe('an error of Graph', () => {
  it('keeps the request-id of Graph also where the error is its own', async () => {
    const id = 'aaaaaaaa-1111-4222-8333-444444444444';
    for (const fault of [html(503), answers(302), answers(201, ''), answers(401, '')]) {
      stack.fake.script([{ ...fault, headers: { 'request-id': id } } as Fault]);
      const answer = await stack.create();
      expect([answer.status, answer.headers.get('request-id')]).toEqual([502, id]);
      expect(answer.innerError['request-id']).toBe(id);
    }
  });

  it.each(['\u{1f600}', '', 'x'.repeat(20_000), 'a\nb'])(
    'passes an error on although its request-id cannot be a header',
    async (requestId) => {
      const error = { code: 'UnknownError', message: '', innerError: { 'request-id': requestId } };
      stack.fake.script([answers(500, { error })]);
      const answer = await stack.create();
      expect([answer.status, answer.error['code']]).toEqual([500, 'UnknownError']);
      expect(answer.innerError['outcome']).toBe('unknown');
      expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('passes the details of an error on', async () => {
    const details = [{ code: 'x', message: 'y', target: 'z' }];
    stack.fake.script([answers(400, { error: { code: 'BadRequest', message: 'x', details } })]);
    expect((await stack.create()).error['details']).toEqual(details);
  });

  it("hands Graph's Retry-After on, in whole seconds", async () => {
    const body = graphError('TooManyRequests', 'x');
    stack.fake.script([answers(429, body, { headers: { 'Retry-After': '2.128' } })]);
    expect((await stack.create()).headers.get('retry-after')).toBe('3');
  });

  it("gives a user Graph's claims challenge, as 401", async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Manage.All'] });
    const body = graphError('InvalidAuthenticationToken', 'x');
    stack.fake.script([answers(401, body, { headers: challenge })]);
    const answer = await stack.create({ token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_claims", claims="${CLAIMS}"`,
    );
  });
});

describe('an unknown business', () => {
  it('is Graph to say', async () => {
    const answer = await stack.create({ path: customersPath('nobody@contoso.com') });
    expect([answer.status, answer.error['code']]).toEqual([404, 'ErrorNonExistentMailbox']);
    expect(answer.innerError['origin']).toBeUndefined();
  });
});
