import { describe, expect, it } from '@jest/globals';
import { Stack, useStack } from '../stack.ts';
import { OTHER_TENANT, type Row, type Rows, checkRow, row, roles, scopes } from './token-rows.ts';

const stack = useStack();

const issuedBy = (issuer: (url: string) => string): Row['token'] => {
  return (fake) => ({ roles, claims: { iss: issuer(fake.url) } });
};

const ROWS: Rows = [
  // Issuer and audience.
  ['another tenant', row({ roles, tenantId: OTHER_TENANT }, 403, 'tenant is not accepted')],
  [
    'an issuer that does not belong to the tenant',
    { token: issuedBy((url) => `${url}/${OTHER_TENANT}/v2.0`), status: 401, message: 'issuer' },
  ],
  [
    'an issuer that begins like ours',
    { token: issuedBy((url) => `${url}.example.com/x/v2.0`), status: 401, message: 'issuer' },
  ],
  [
    'an issuer with something before ours',
    {
      token: issuedBy((url) => `https://example.com/${url}/x/v2.0`),
      status: 401,
      message: 'issuer',
    },
  ],
  [
    'an issuer that ends with more than ours',
    {
      token: (fake) => ({ roles, claims: { iss: `${fake.issuer}.example.com` } }),
      status: 401,
      message: 'issuer',
    },
  ],
  [
    'an issuer with another slash',
    {
      token: (fake) => ({ roles, claims: { iss: `${fake.issuer}/` } }),
      status: 401,
      message: 'issuer',
    },
  ],
  [
    'an issuer in upper case',
    {
      token: (fake) => ({ roles, claims: { iss: fake.issuer.toUpperCase() } }),
      status: 401,
      message: 'issuer',
    },
  ],
  [
    'several issuers, ours among them',
    { token: (fake) => ({ roles, claims: { iss: [fake.issuer] } }), status: 401 },
  ],
  ['a tenant that is a placeholder', row({ roles, claims: { tid: '{tid}' } }, 401, 'issuer')],
  ['several tenants', row({ roles, claims: { tid: [OTHER_TENANT] } }, 401)],
  ['no issuer', row({ roles, claims: { iss: undefined } }, 401)],
  ['no tenant', row({ roles, claims: { tid: undefined } }, 401)],
  ['no application', row({ roles, claims: { azp: undefined } }, 401)],
  // The user.
  ['a user without sub', row({ scopes, claims: { sub: undefined } }, 201)],
  ['neither oid nor sub', row({ scopes, claims: { oid: undefined, sub: undefined } }, 401, 'user')],
  ['an empty oid and sub', row({ scopes, claims: { oid: '', sub: '' } }, 401, 'user')],
  ['an oid and a sub that are no text', row({ scopes, claims: { oid: 1, sub: ['a'] } }, 401)],
  [
    'an application without oid and sub',
    row({ roles, claims: { oid: undefined, sub: undefined } }, 201),
  ],
  [
    'the audience of Graph',
    row({ roles, audience: 'https://graph.microsoft.com' }, 401, 'audience'),
  ],
  [
    'the audience of Graph, by its id',
    row({ roles, audience: '00000003-0000-0000-c000-000000000000' }, 401, 'audience'),
  ],
  ['an audience that begins like ours', row({ roles, audience: 'api://bookings-proxy/x' }, 401)],
  ['an audience in upper case', row({ roles, audience: 'API://bookings-proxy' }, 401)],
  [
    'a list with only our audience',
    row({ roles, claims: { aud: ['api://bookings-proxy'] } }, 401, 'audience'),
  ],
  [
    'several audiences, ours among them',
    row({ roles, claims: { aud: ['api://bookings-proxy', 'api://other'] } }, 401, 'audience'),
  ],
  ['no audience', row({ roles, claims: { aud: undefined } }, 401)],
  // Validity period.
  ['expired within the leeway of 5 s', row({ roles, lifetimeSeconds: -2 }, 201)],
  ['expired before the leeway', row({ roles, lifetimeSeconds: -7 }, 401, 'has expired')],
  ['no exp', row({ roles, claims: { exp: undefined } }, 401)],
  ['exp that is a string', row({ roles, claims: { exp: '9999999999' } }, 401)],
  [
    'exp in milliseconds',
    row({ roles, claims: { exp: Date.now() + 3_600_000 } }, 401, 'expires too far in the future'),
  ],
  [
    'a lifetime of 32 days',
    row({ roles, lifetimeSeconds: 32 * 86_400 }, 401, 'expires too far in the future'),
  ],
  ['a lifetime of 30 days', row({ roles, lifetimeSeconds: 30 * 86_400 }, 201)],
  ['a lifetime of 28 hours, as Entra uses', row({ roles, lifetimeSeconds: 100_800 }, 201)],
  ['nbf that is a string', row({ roles, claims: { nbf: '0' } }, 401)],
  ['not valid yet, within the leeway', row({ roles, notBeforeSeconds: 3 }, 201)],
  ['not valid yet', row({ roles, notBeforeSeconds: 60 }, 401, 'not valid yet')],
];

describe('an issuer that is configured with a tenant', () => {
  it('is refused in a token of another tenant', async () => {
    const other = await Stack.start({
      AUTH_TENANTS: undefined,
      AUTH_JWKS_URL: stack.fake.jwksUrl,
      AUTH_ISSUERS: stack.fake.issuer,
    });
    const good = await stack.fake.issueToken({ roles });
    const lying = await stack.fake.issueToken({ roles, claims: { tid: OTHER_TENANT } });
    expect((await other.create({ token: good })).status).toBe(201);
    const response = await other.create({ token: lying });
    expect([response.status, response.error['message']]).toEqual([
      401,
      "The token's issuer is not accepted.",
    ]);
    await other.stop();
  });
});

describe('the claims of the token', () => {
  it.each(ROWS)('%s', async (_title, row) => {
    await checkRow(stack, row);
  });
});
