import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { CREATE_PERMISSION, Stack } from './stack.ts';

const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const OTHER_TENANT = '00000000-aaaa-4bbb-8ccc-000000000001';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});

describe('a create that is refused with 403', () => {
  it.each<[string, CallerTokenRequest, string, string, string]>([
    [
      'an application without the role',
      { roles: ['Bookings.Read.All'] },
      'MissingPermission',
      'roles',
      'The caller holds an application token without any of the application permissions that would do: BookingsAppointment.ReadWrite.All.',
    ],
    [
      'a user without a scope',
      { scopes: ['Bookings.Read.All'] },
      'MissingPermission',
      'scp',
      'The caller holds a delegated token without any of the delegated permissions that would do: BookingsAppointment.ReadWrite.All, Bookings.ReadWrite.All, Bookings.Manage.All.',
    ],
    [
      'a personal account',
      { scopes: [CREATE_PERMISSION], tenantId: PERSONAL_TENANT },
      'PersonalAccount',
      'tid',
      'Personal Microsoft accounts are not supported for booking customers.',
    ],
    [
      'another tenant',
      { roles: [CREATE_PERMISSION], tenantId: OTHER_TENANT },
      'TenantNotAccepted',
      'tid',
      "The token's tenant is not accepted here.",
    ],
  ])('says in its details what is missing: %s', async (_title, held, code, target, message) => {
    const answer = await stack.create({ token: await stack.fake.issueToken(held) });
    expect([answer.status, answer.error['code']]).toEqual([403, 'Authorization_RequestDenied']);
    expect(answer.error['message']).toBe(message);
    expect(answer.error['details']).toEqual([{ code, message, target }]);
    expect(stack.seen).toBe(0);
  });
});
