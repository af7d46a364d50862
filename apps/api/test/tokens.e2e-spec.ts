import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallerTokenRequest } from '@bookings/graph-fake';
import { SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { CREATE_PERMISSION, Stack, customersPath, jsonObject } from './stack.ts';

const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const OTHER_TENANT = '00000000-aaaa-4bbb-8ccc-000000000001';
const roles = [CREATE_PERMISSION];
const scopes = [CREATE_PERMISSION];

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

interface Row {
  readonly token: (fake: Stack['fake']) => CallerTokenRequest;
  readonly status: 201 | 401 | 403;
  /** Part of the error's message. */
  readonly says?: string;
}

const held = (request: CallerTokenRequest, status: Row['status'], says?: string): Row => ({
  token: () => request,
  status,
  ...(says !== undefined && { says }),
});
const issuedBy = (issuer: (url: string) => string): Row['token'] => {
  return (fake) => ({ roles, claims: { iss: issuer(fake.url) } });
};

const TABLE: readonly (readonly [string, Row])[] = [
  // Permissions of the page "Create bookingCustomer".
  ['a user with BookingsAppointment.ReadWrite.All', held({ scopes }, 201)],
  ['a user with Bookings.ReadWrite.All', held({ scopes: ['Bookings.ReadWrite.All'] }, 201)],
  ['a user with Bookings.Manage.All', held({ scopes: ['openid', 'Bookings.Manage.All'] }, 201)],
  [
    'a user who may only read',
    held(
      { scopes: ['Bookings.Read.All'] },
      403,
      'a delegated token without any of the delegated permissions that would do: BookingsAppointment.ReadWrite.All, Bookings.ReadWrite.All, Bookings.Manage.All.',
    ),
  ],
  ['an application with BookingsAppointment.ReadWrite.All', held({ roles }, 201)],
  [
    'an application with Bookings.ReadWrite.All',
    held(
      { roles: ['Bookings.ReadWrite.All'] },
      403,
      'an application token without any of the application permissions that would do: BookingsAppointment.ReadWrite.All.',
    ),
  ],
  ['an application with Bookings.Manage.All', held({ roles: ['Bookings.Manage.All'] }, 403)],
  ['an application without roles', held({}, 403)],
  // Kinds of token.
  [
    'a user whose roles name the permission',
    held({ scopes: ['Bookings.Read.All'], claims: { roles } }, 403, 'a delegated token'),
  ],
  [
    'an application whose scp names the permission',
    held(
      { roles: [], claims: { scp: CREATE_PERMISSION, idtyp: 'app' } },
      403,
      'an application token',
    ),
  ],
  [
    'a token about a user with roles and no scp, as an ID token is',
    held(
      { roles, claims: { idtyp: undefined, preferred_username: 'joni@example.com' } },
      403,
      'a delegated token',
    ),
  ],
  [
    'idtyp user with roles and no scp',
    held({ roles, claims: { idtyp: 'user' } }, 403, 'a delegated token'),
  ],
  [
    'roles without idtyp from a public client',
    held({ roles, claims: { idtyp: undefined, azpacr: '0' } }, 403, 'a delegated token'),
  ],
  ['an application without the optional idtyp', held({ roles, claims: { idtyp: undefined } }, 201)],
  ['roles that are a string', held({ claims: { roles: CREATE_PERMISSION } }, 403)],
  ['scp that is an array', held({ scopes, claims: { scp: scopes } }, 401)],
  ['a v1 token of an application', held({ roles, version: '1.0' }, 201)],
  ['a v1 token of a user', held({ scopes, version: '1.0' }, 201)],
  [
    'a personal account with every permission',
    held(
      { scopes, tenantId: PERSONAL_TENANT },
      403,
      'Personal Microsoft accounts are not supported',
    ),
  ],
  // Where it comes from and for whom.
  ['another tenant', held({ roles, tenantId: OTHER_TENANT }, 403, 'tenant is not accepted')],
  [
    'an issuer that does not belong to the tenant',
    { token: issuedBy((url) => `${url}/${OTHER_TENANT}/v2.0`), status: 401, says: 'issuer' },
  ],
  [
    'an issuer that begins like ours',
    { token: issuedBy((url) => `${url}.example.com/x/v2.0`), status: 401, says: 'issuer' },
  ],
  [
    'an issuer with something before ours',
    { token: issuedBy((url) => `https://example.com/${url}/x/v2.0`), status: 401, says: 'issuer' },
  ],
  ['no issuer', held({ roles, claims: { iss: undefined } }, 401)],
  ['no tenant', held({ roles, claims: { tid: undefined } }, 401)],
  ['no application', held({ roles, claims: { azp: undefined } }, 401)],
  [
    'the audience of Graph',
    held({ roles, audience: 'https://graph.microsoft.com' }, 401, 'audience'),
  ],
  [
    'several audiences, ours among them',
    held({ roles, claims: { aud: ['api://bookings-proxy', 'api://other'] } }, 401, 'audience'),
  ],
  ['no audience', held({ roles, claims: { aud: undefined } }, 401)],
  // Time.
  ['expired within the leeway of 5 s', held({ roles, lifetimeSeconds: -2 }, 201)],
  ['expired before it', held({ roles, lifetimeSeconds: -7 }, 401, 'has expired')],
  ['no exp', held({ roles, claims: { exp: undefined } }, 401)],
  ['exp that is text', held({ roles, claims: { exp: '9999999999' } }, 401)],
  ['not valid yet, within the leeway', held({ roles, notBeforeSeconds: 3 }, 201)],
  ['not valid yet', held({ roles, notBeforeSeconds: 60 }, 401, 'not valid yet')],
  // Keys and headers.
  ['an unknown key id', held({ roles, header: { kid: 'unknown' } }, 401, 'does not publish')],
  ['no key id', held({ roles, header: { kid: undefined } }, 401)],
  ['a header that must be understood', held({ roles, header: { crit: ['x'], x: 1 } }, 401)],
];

describe('the token', () => {
  it.each(TABLE)('%s', async (_title, { token, status, says }) => {
    const answer = await stack.create({ token: await stack.fake.issueToken(token(stack.fake)) });
    expect(answer.status).toBe(status);
    if (says !== undefined) expect(answer.error['message']).toContain(says);
    expect(stack.seen).toBe(status === 201 ? 1 : 0);
    const challenge = answer.headers.get('www-authenticate');
    if (status === 401) {
      expect(answer.error['code']).toBe('InvalidAuthenticationToken');
      expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]+"$/);
    }
    if (status === 403) expect(answer.error['code']).toBe('Authorization_RequestDenied');
  });

  it('says with RFC 6750 which scope a user lacks', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Read.All'] });
    expect((await stack.create({ token })).headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="BookingsAppointment.ReadWrite.All Bookings.ReadWrite.All Bookings.Manage.All"',
    );
  });

  it('is asked for without an error when there is none', async () => {
    const answer = await stack.create({ token: null });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(stack.seen).toBe(0);
  });

  it.each([
    ['Basic', 'Basic am9uaTpwdw=='],
    ['Bearer without a token', 'Bearer'],
    ['no JWT', 'Bearer x'],
    ['a JWT of three dots', 'Bearer a.b.c'],
  ])('is refused when the header is %s', async (_title, authorization) => {
    const answer = await stack.create({ token: null, headers: { authorization } });
    expect([answer.status, answer.error['code']]).toEqual([401, 'InvalidAuthenticationToken']);
  });

  it('is refused when its signature is another one', async () => {
    const [head, claims] = (await stack.fake.issueToken({ roles })).split('.');
    const [, , signature] = (await stack.fake.issueToken({ scopes })).split('.');
    const answer = await stack.create({
      token: `${head ?? ''}.${claims ?? ''}.${signature ?? ''}`,
    });
    expect([answer.status, answer.error['message']]).toEqual([
      401,
      "The token's signature does not verify.",
    ]);
  });

  it('is refused when it is signed otherwise than with RS256 and the key of the issuer', async () => {
    const token = await stack.fake.issueToken({ roles });
    const { kid = '' } = decodeProtectedHeader(token);
    const claims = token.split('.')[1] ?? '';
    const header = (alg: string) =>
      Buffer.from(JSON.stringify({ alg, kid, typ: 'JWT' })).toString('base64url');
    const keySet = await (await fetch(stack.fake.jwksUrl)).text();
    const hmac = createHmac('sha256', keySet)
      .update(`${header('HS256')}.${claims}`)
      .digest('base64url');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signed = (alg: string) =>
      new SignJWT(decodeJwt(token)).setProtectedHeader({ alg, kid }).sign(privateKey);
    const forged = [
      `${header('none')}.${claims}.`,
      `${header('HS256')}.${claims}.${hmac}`,
      await signed('PS256'),
      await signed('RS256'),
    ];
    for (const each of forged) expect((await stack.create({ token: each })).status).toBe(401);
    expect(stack.seen).toBe(0);
  });

  it('is refused when there are two', async () => {
    const token = await stack.fake.issueToken({ roles });
    const { port } = new URL(stack.url);
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: customersPath() });
    sent.setHeader('authorization', [`Bearer ${token}`, `Bearer ${token}`]);
    const status = new Promise((resolve) => {
      sent.once('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    sent.end('{}');
    expect(await status).toBe(401);
  });

  it('is looked at before the body is read', async () => {
    const token = await stack.fake.issueToken({ scopes: ['Bookings.Read.All'] });
    const body = 'x'.repeat(200_000);
    expect((await stack.create({ token: null, body })).status).toBe(401);
    expect((await stack.create({ token, body })).status).toBe(403);
  });
});

describe('the key set', () => {
  it.each<[string, string, 201 | 401]>([
    ['any tenant, spelled as a v2 issuer', 'https://login.example.com/{tenantid}/v2.0', 201],
    [
      'the tenant of the token',
      'https://login.example.com/3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70/v2.0',
      201,
    ],
    ['the tenant of personal accounts', `https://login.example.com/${PERSONAL_TENANT}/v2.0`, 401],
  ])('may say that a key is for %s', async (_title, issuer, status) => {
    const published = jsonObject(await (await fetch(stack.fake.jwksUrl)).text());
    const keys = Array.isArray(published['keys']) ? published['keys'] : [];
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ keys: keys.map((key: object) => ({ ...key, issuer })) }));
    })
      .listen(0, '127.0.0.1')
      .unref();
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { url, tenantId } = stack.fake;
    const other = await Stack.start(
      {
        AUTH_JWKS_URL: `http://127.0.0.1:${port}/keys`,
        AUTH_ISSUERS: `${url}/{tid}/v2.0,${url}/{tid}/`,
        AUTH_TENANTS: tenantId,
      },
      { businesses: ['*'] },
    );
    const tokens = [
      await stack.fake.issueToken({ roles }),
      await stack.fake.issueToken({ roles, version: '1.0' }),
    ];
    const statuses = [];
    for (const token of tokens) statuses.push((await other.create({ token })).status);
    await other.stop();
    server.close();
    expect(statuses).toEqual([status, status]);
  });

  it('is fetched once for many tokens, and at most twice for a thousand with unknown keys', async () => {
    const other = await Stack.start();
    for (let index = 0; index < 3; index += 1) await other.create();
    expect(other.fake.requests().keySetRequests).toBe(1);
    const stranger = await other.fake.issueToken({ roles, header: { kid: 'unknown' } });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => other.create({ token: stranger, body: '{}' })),
    );
    const fetched = other.fake.requests().keySetRequests;
    await other.stop();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(fetched).toBeLessThanOrEqual(2);
  });

  it('is fetched again when keys rotate, and old tokens are forgotten then', async () => {
    const other = await Stack.start();
    const before = await other.fake.issueToken({ roles });
    expect((await other.create({ token: before })).status).toBe(201);
    await other.fake.rotateKeys();
    // Remembered until the new key set is known.
    expect((await other.create({ token: before })).status).toBe(201);
    const after = await other.fake.issueToken({ roles });
    expect((await other.create({ token: after })).status).toBe(201);
    const again = await other.create({ token: before });
    await other.stop();
    expect([again.status, again.error['message']]).toEqual([
      401,
      'The token is signed with a key that its issuer does not publish.',
    ]);
  });

  it('leaves known keys in use while it cannot be reached, and answers 503 for an unknown one', async () => {
    const issuer = await Stack.start();
    const other = await Stack.start({
      AUTH_JWKS_URL: issuer.fake.jwksUrl,
      AUTH_ISSUERS: `${issuer.fake.url}/{tid}/v2.0`,
    });
    const known = await issuer.fake.issueToken({ roles });
    expect((await other.create({ token: known })).status).toBe(201);
    const unknown = await issuer.fake.issueToken({ roles, header: { kid: 'unknown' } });
    const fresh = await issuer.fake.issueToken({ roles, appId: OTHER_TENANT });
    await issuer.stop();
    expect((await other.create({ token: fresh })).status).toBe(201);
    const answer = await other.create({ token: unknown });
    await other.stop();
    expect([answer.status, answer.error['code']]).toEqual([503, 'ServiceUnavailable']);
    expect(answer.innerError['outcome']).toBe('not-sent');
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('makes the process not ready while there has been none', async () => {
    const other = await Stack.start({ AUTH_JWKS_URL: 'http://127.0.0.1:9/keys' });
    const [ready, created] = [await other.get('/readyz'), await other.create()];
    await other.stop();
    expect([ready.status, created.status]).toEqual([503, 503]);
    expect(ready.error['message']).toContain('key set');
  });
});
