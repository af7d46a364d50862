import { describe, expect, it } from '@jest/globals';
import { Client } from 'undici';
import { CREATE_PERMISSION, customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { useStack } from '../stack.ts';
import { PERSONAL_TENANT, type Rows, checkRow, row, roles, scopes } from './token-rows.ts';

const stack = useStack();

const ROWS: Rows = [
  // Permissions of the page "Create bookingCustomer".
  ['a user with BookingsAppointment.ReadWrite.All', row({ scopes }, 201)],
  ['a user with Bookings.ReadWrite.All', row({ scopes: ['Bookings.ReadWrite.All'] }, 201)],
  ['a user with Bookings.Manage.All', row({ scopes: ['openid', 'Bookings.Manage.All'] }, 201)],
  [
    'a user who may only read',
    row(
      { scopes: ['Bookings.Read.All'] },
      403,
      'a delegated token without any of the delegated permissions that would do: BookingsAppointment.ReadWrite.All, Bookings.ReadWrite.All, Bookings.Manage.All.',
    ),
  ],
  ['an application with BookingsAppointment.ReadWrite.All', row({ roles }, 201)],
  [
    'an application with Bookings.ReadWrite.All',
    row(
      { roles: ['Bookings.ReadWrite.All'] },
      403,
      'an application token without any of the application permissions that would do: BookingsAppointment.ReadWrite.All.',
    ),
  ],
  ['an application with Bookings.Manage.All', row({ roles: ['Bookings.Manage.All'] }, 403)],
  ['an application without roles', row({}, 403)],
  // Kinds of token.
  [
    'a user whose roles name the permission',
    row({ scopes: ['Bookings.Read.All'], claims: { roles } }, 403, 'a delegated token'),
  ],
  [
    'an application whose scp names the permission',
    row(
      { roles: [], claims: { scp: CREATE_PERMISSION, idtyp: 'app' } },
      403,
      'an application token',
    ),
  ],
  [
    'a token about a user with roles and no scp, as an ID token is',
    row(
      { roles, claims: { idtyp: undefined, preferred_username: 'joni@example.com' } },
      403,
      'a delegated token',
    ),
  ],
  [
    'idtyp user with roles and no scp',
    row({ roles, claims: { idtyp: 'user' } }, 403, 'a delegated token'),
  ],
  [
    'roles without idtyp from a public client',
    row({ roles, claims: { idtyp: undefined, azpacr: '0' } }, 403, 'a delegated token'),
  ],
  ['an application without the optional idtyp', row({ roles, claims: { idtyp: undefined } }, 201)],
  ['roles that are a string', row({ claims: { roles: CREATE_PERMISSION } }, 403)],
  ['scp that is an array', row({ scopes, claims: { scp: scopes } }, 401)],
  ['a v1 token of an application', row({ roles, version: '1.0' }, 201)],
  ['a v1 token of a user', row({ scopes, version: '1.0' }, 201)],
  [
    'a personal account with every permission',
    row(
      { scopes, tenantId: PERSONAL_TENANT },
      403,
      'Personal Microsoft accounts are not supported',
    ),
  ],
];

describe('the permissions of a token', () => {
  it.each(ROWS)('%s', async (_title, row) => {
    await checkRow(stack, row);
  });

  it('are named in WWW-Authenticate when a user lacks a scope', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Read.All'] });
    expect((await stack.create({ token })).headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="BookingsAppointment.ReadWrite.All Bookings.ReadWrite.All Bookings.Manage.All"',
    );
  });

  it('are requested without an error when there is no token', async () => {
    const response = await stack.create({ token: null });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(stack.graphRequests).toBe(0);
  });

  it('are those of the token of each request on a shared connection', async () => {
    const writer = await stack.fake.issueToken({ roles });
    const reader = await stack.fake.issueToken({ roles: ['Bookings.Read.All'] });
    const forged = `${writer.slice(0, -8)}AAAAAAAA`;
    // The claims of the reader with the signature of the writer, which is in the cache.
    const grafted = reader.replace(/[^.]+$/, () => writer.slice(writer.lastIndexOf('.') + 1));
    const client = new Client(stack.url);
    let connections = 0;
    client.on('connect', () => (connections += 1));
    const statusFor = async (token: string) => {
      const { statusCode, body } = await client.request({
        method: 'POST',
        path: customersPath(),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: DOCUMENTED_REQUEST,
      });
      await body.dump();
      return statusCode;
    };
    const expected: [token: string, status: number][] = [
      [writer, 201],
      [grafted, 401],
      // The token is in the cache from here on.
      [writer, 201],
      [writer, 201],
      [forged, 401],
      [grafted, 401],
      [writer, 201],
      [grafted, 401],
      [reader, 403],
      [reader, 403],
      [reader, 403],
      [forged, 401],
      [writer, 201],
      [reader, 403],
      [writer, 201],
    ];
    const statuses = [];
    for (const [token] of expected) statuses.push(await statusFor(token));
    await client.close();
    expect(statuses).toEqual(expected.map(([, status]) => status));
    expect(connections).toBe(1);
  });

  it('are checked before the body is read', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Read.All'] });
    const body = 'x'.repeat(200_000);
    expect((await stack.create({ token: null, body })).status).toBe(401);
    expect((await stack.create({ token, body })).status).toBe(403);
  });
});
