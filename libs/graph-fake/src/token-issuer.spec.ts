import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { GraphFake } from './graph-fake.ts';
import { isRecord } from './record-reader.ts';

function isKeySet(input: unknown): input is JSONWebKeySet {
  return isRecord(input) && Array.isArray(input['keys']) && input['keys'].every(isRecord);
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describe('the token issuer', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  afterAll(() => fake.close());

  async function keySet(): Promise<JSONWebKeySet> {
    const body: unknown = await (await fetch(fake.jwksUrl)).json();
    if (isKeySet(body)) return body;
    throw new TypeError('expected a key set');
  }

  it('is discovered by its issuer', async () => {
    const response = await fetch(`${fake.issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: `${fake.url}/${fake.tenantId}/v2.0`,
      jwks_uri: fake.jwksUrl,
      token_endpoint: `${fake.url}/${fake.tenantId}/oauth2/v2.0/token`,
    });
  });

  it('publishes one RSA key of 2048 bits without its private part', async () => {
    const { keys } = await keySet();
    expect(keys).toEqual([
      {
        kty: 'RSA',
        use: 'sig',
        kid: expect.stringMatching(/^[\w-]{27}$/),
        e: 'AQAB',
        n: expect.stringMatching(/^[\w-]{342}$/),
      },
    ]);
  });

  it("issues an application's token that verifies by the published keys", async () => {
    const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createRemoteJWKSet(new URL(fake.jwksUrl)),
      { issuer: fake.issuer, audience: 'api://bookings-proxy', algorithms: ['RS256'] },
    );
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String) });
    expect(payload).toEqual({
      aud: 'api://bookings-proxy',
      iss: fake.issuer,
      iat: expect.any(Number),
      nbf: payload.iat,
      exp: (payload.iat ?? 0) + 3599,
      tid: fake.tenantId,
      oid: payload.sub,
      sub: expect.any(String),
      uti: expect.any(String),
      ver: '2.0',
      azp: expect.any(String),
      azpacr: '1',
      idtyp: 'app',
      roles: ['BookingsAppointment.ReadWrite.All'],
    });
  });

  it("issues a user's token with scp and names, and no idtyp", async () => {
    const scopes = ['Bookings.Read.All', 'Bookings.Manage.All'];
    const claims = decodeJwt(await fake.issueToken({ scopes }));
    expect(claims).toMatchObject({
      scp: 'Bookings.Read.All Bookings.Manage.All',
      name: 'Adele Vance',
      preferred_username: 'adelev@contoso.onmicrosoft.com',
    });
    expect(claims.sub).not.toBe(claims['oid']);
    expect(claims).not.toHaveProperty('idtyp');
    expect(claims).not.toHaveProperty('roles');
  });

  it('issues an application token without roles by default', async () => {
    const claims = decodeJwt(await fake.issueToken());
    expect(claims['idtyp']).toBe('app');
    expect(claims).not.toHaveProperty('roles');
    expect(claims).not.toHaveProperty('scp');
  });

  it('issues tokens of version 1.0 with their claims', async () => {
    const token = await fake.issueToken({ version: '1.0', appId: 'app', scopes: 'a b' });
    const claims = decodeJwt(token);
    const iss = `${fake.url}/${fake.tenantId}/`;
    expect(claims).toMatchObject({ iss, ver: '1.0', appid: 'app', appidacr: '1', scp: 'a b' });
    expect(claims).not.toHaveProperty('azp');
    const { kid, x5t } = decodeProtectedHeader(token);
    expect(x5t).toBe(kid);
  });

  it('issues tokens with any other claims and header', async () => {
    const token = await fake.issueToken({
      audience: 'api://other',
      tenantId: '9188040d-6c67-4c5b-b112-36a304b66dad',
      appId: 'app',
      objectId: 'object',
      roles: ['a'],
      lifetimeSeconds: 60,
      notBeforeSeconds: 30,
      claims: { azpacr: '2', uti: undefined, extra: [1] },
      header: { alg: 'HS256', kid: undefined, typ: 'at+jwt' },
    });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      aud: 'api://other',
      iss: `${fake.url}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`,
      tid: '9188040d-6c67-4c5b-b112-36a304b66dad',
      azp: 'app',
      oid: 'object',
      azpacr: '2',
      extra: [1],
    });
    expect(claims).not.toHaveProperty('uti');
    expect(Math.abs((claims.exp ?? 0) - nowSeconds() - 60)).toBeLessThan(3);
    expect(Math.abs((claims.nbf ?? 0) - nowSeconds() - 30)).toBeLessThan(3);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
  });

  it('issues expired tokens', async () => {
    const { iat, nbf, exp } = decodeJwt(await fake.issueToken({ lifetimeSeconds: -10 }));
    expect(exp).toBeLessThan(nowSeconds() - 8);
    expect([iat, nbf]).toEqual([(exp ?? 0) - 3599, iat]);
  });

  it('signs with another published key after a rotation', async () => {
    const before = await keySet();
    await fake.rotateKeys();
    const after = await keySet();
    expect(after.keys).toHaveLength(1);
    expect(after.keys[0]?.kid).not.toBe(before.keys[0]?.kid);
    const token = await fake.issueToken();
    await expect(jwtVerify(token, createLocalJWKSet(after))).resolves.toBeDefined();
    await expect(jwtVerify(token, createLocalJWKSet(before))).rejects.toThrow(
      errors.JWKSNoMatchingKey,
    );
  });
});
