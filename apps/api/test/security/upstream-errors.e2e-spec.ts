import { describe, expect, it } from '@jest/globals';
import type { Fault } from '@bookings/graph-fake';
import { customersPath } from '../documented.ts';
import { graphError, respond } from '../faults.ts';
import { CLAIMS, challenge, freshMailbox, html, useQuickStack } from './upstream-rows.ts';

const stack = useQuickStack();

describe('an error of Graph', () => {
  it('keeps the request-id of Graph when the proxy replaces it', async () => {
    const id = 'aaaaaaaa-1111-4222-8333-444444444444';
    for (const fault of [html(503), respond(302), respond(201, ''), respond(401, '')]) {
      stack.fake.script([{ ...fault, headers: { 'request-id': id } } as Fault]);
      const response = await stack.create();
      expect([response.status, response.headers.get('request-id')]).toEqual([502, id]);
      expect(response.innerError['request-id']).toBe(id);
    }
  });

  it.each(['\u{1f600}', '', 'x'.repeat(20_000), 'a\nb'])(
    'is forwarded although its request-id is not a valid header',
    async (requestId) => {
      const error = { code: 'UnknownError', message: '', innerError: { 'request-id': requestId } };
      stack.fake.script([respond(500, { error })]);
      const response = await stack.create();
      expect([response.status, response.error['code']]).toEqual([500, 'UnknownError']);
      expect(response.innerError['outcome']).toBe('unknown');
      expect(response.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('is forwarded with its details', async () => {
    const details = [{ code: 'x', message: 'y', target: 'z' }];
    stack.fake.script([respond(400, { error: { code: 'BadRequest', message: 'x', details } })]);
    expect((await stack.create()).error['details']).toEqual(details);
  });

  it('is forwarded with its Retry-After in whole seconds', async () => {
    const body = graphError('TooManyRequests', 'x');
    stack.fake.script([respond(429, body, { headers: { 'Retry-After': '2.128' } })]);
    const path = customersPath(freshMailbox());
    expect((await stack.create({ path })).headers.get('retry-after')).toBe('3');
  });

  it('is forwarded to a user as 401 when it is a claims challenge', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Manage.All'] });
    const body = graphError('InvalidAuthenticationToken', 'x');
    stack.fake.script([respond(401, body, { headers: challenge })]);
    const response = await stack.create({ token });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_claims", claims="${CLAIMS}"`,
    );
  });
});

describe('an unknown business', () => {
  it('is reported by Graph', async () => {
    const response = await stack.create({ path: customersPath('unknown@contoso.com') });
    expect([response.status, response.error['code']]).toEqual([404, 'ErrorNonExistentMailbox']);
    expect(response.innerError['origin']).toBeUndefined();
  });
});
