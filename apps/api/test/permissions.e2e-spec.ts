import { describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, isWrite } from '@bookings/domain';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { CREATE_PERMISSION } from './documented.ts';
import { operationsOf, permitted } from './permissions-response.ts';
import { useStack } from './stack.ts';

const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const OTHER_TENANT = '00000000-aaaa-4bbb-8ccc-000000000001';

const stack = useStack();

describe('a create that is refused with 403', () => {
  it.each<[string, CallerTokenRequest, string, string, string]>([
    [
      'an application without the role',
      { roles: ['Bookings.Read.All'] },
      'MissingPermission',
      'roles',
      'The caller holds an application token without any of the application permissions that would do: BookingsAppointment.ReadWrite.All. It holds Bookings.Read.All. An administrator of the tenant can assign an app role of this proxy to the application.',
    ],
    [
      'a user without a scope',
      { scopes: ['Bookings.Read.All'] },
      'MissingPermission',
      'scp',
      'The caller holds a delegated token without any of the delegated permissions that would do: BookingsAppointment.ReadWrite.All, Bookings.ReadWrite.All, Bookings.Manage.All. It holds Bookings.Read.All. The application must request a scope of this proxy, and the user or an administrator of the tenant must consent.',
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
      "The token's tenant is not accepted.",
    ],
  ])('has the missing access in its details: %s', async (_title, held, code, target, message) => {
    const response = await stack.create({ token: await stack.fake.issueToken(held) });
    expect([response.status, response.error['code']]).toEqual([403, 'Authorization_RequestDenied']);
    expect(response.error['message']).toBe(message);
    expect(response.error['details']).toEqual([{ code, message, target }]);
    expect(stack.graphRequests).toBe(0);
  });
});

const ALL_DELEGATED = [CREATE_PERMISSION, 'Bookings.ReadWrite.All', 'Bookings.Manage.All'];
describe('GET /permissions', () => {
  const getPermissions = async (held: CallerTokenRequest, query = '') =>
    stack.request('GET', `/permissions${query}`, { token: await stack.fake.issueToken(held) });

  it('returns the permissions of an application, the permitted operations, and what the others require', async () => {
    const response = await getPermissions({ roles: ['Bookings.Read.All', 'User.Read.All'] });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.body).toMatchObject({
      caller: {
        kind: 'application',
        appId: '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22',
        tenantId: stack.fake.tenantId,
        personalAccount: false,
        permissions: ['Bookings.Read.All', 'User.Read.All'],
      },
      businessAccess: {
        narrowed: false,
        message: 'There is no business access file: every caller reaches every business.',
      },
    });
    expect(operationsOf(response).map(({ operation }) => operation)).toEqual(OPERATION_NAMES);
    expect(permitted(response)).toEqual(OPERATION_NAMES.filter((name) => !isWrite(name)));
    expect(operationsOf(response)[0]).toEqual({
      operation: 'createCustomer',
      permitted: false,
      anyOf: [CREATE_PERMISSION],
      missing: [
        {
          code: 'MissingPermission',
          message:
            'The caller holds an application token without any of the application permissions that would do: BookingsAppointment.ReadWrite.All. It holds Bookings.Read.All, User.Read.All. An administrator of the tenant can assign an app role of this proxy to the application.',
          target: 'roles',
        },
      ],
    });
    expect(stack.graphRequests).toBe(0);
  });

  it('checks the scopes of a user', async () => {
    const response = await getPermissions({
      scopes: ['openid', 'Bookings.Manage.All'],
      roles: ['x'],
    });
    expect(response.body['caller']).toMatchObject({
      kind: 'delegated',
      permissions: ['openid', 'Bookings.Manage.All'],
    });
    expect(permitted(response)).toEqual(OPERATION_NAMES);
    expect(operationsOf(response)[0]).toMatchObject({ anyOf: ALL_DELEGATED, missing: [] });
    expect(response.text).not.toMatch(/adele|contoso/i);
  });

  it('explains why a personal account is refused', async () => {
    const response = await getPermissions({
      scopes: [CREATE_PERMISSION],
      tenantId: PERSONAL_TENANT,
    });
    expect(response.status).toBe(200);
    expect(response.body['caller']).toMatchObject({ personalAccount: true });
    expect(permitted(response)).toEqual([]);
    for (const { anyOf, missing } of operationsOf(response)) {
      expect([anyOf, missing]).toMatchObject([[], [{ code: 'PersonalAccount' }]]);
    }
  });

  it.each<[string, number, string]>([
    ['?business=', 400, 'An id cannot be empty.'],
    ['?business', 400, 'An id cannot be empty.'],
    ['?business=a@b&business=a@b', 400, 'The parameter business must appear once.'],
    ['?business=a@b&%62usiness=c@d', 400, 'The parameter business must appear once.'],
    ['?business=..', 400, 'An id cannot contain a dot segment.'],
    ['?business=a%00@b', 400, 'An id cannot contain control characters.'],
    ['?business=a+b@c', 400, 'A business cannot contain a space; write + as %2B in a query.'],
  ])('refuses %s', async (query, status, message) => {
    const response = await getPermissions({ roles: [] }, query);
    expect([response.status, response.error['message']]).toEqual([status, message]);
    expect(response.error['details']).toMatchObject([{ target: 'business' }]);
  });

  it('requires a token of an accepted tenant', async () => {
    expect((await stack.request('GET', '/permissions', { token: null })).status).toBe(401);
    const foreign = await getPermissions({ roles: [CREATE_PERMISSION], tenantId: OTHER_TENANT });
    expect(foreign.status).toBe(403);
    expect(foreign.error['details']).toMatchObject([{ code: 'TenantNotAccepted' }]);
  });

  it('allows any business when there is no business access file', async () => {
    const response = await getPermissions({ roles: [] }, '?business=any@where.example');
    expect(operationsOf(response).map(({ business }) => business)).toEqual(
      OPERATION_NAMES.map(() => ({ allowed: true })),
    );
    expect(permitted(response)).toEqual([]);
  });
});
