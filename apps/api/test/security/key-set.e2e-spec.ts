import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { customersPath } from '../documented.ts';
import { jsonObject } from '../json.ts';
import { Stack, useStack } from '../stack.ts';
import { ReplyServer, type Reply } from './reply-server.ts';
import { unsigned } from './test-issuer.ts';
import { OTHER_TENANT, PERSONAL_TENANT, roles } from './token-rows.ts';

const stack = useStack();

describe('the key set', () => {
  it.each<[string, string, 201 | 401]>([
    ['any tenant, spelled as a v2 issuer', 'https://login.example.com/{tenantid}/v2.0', 201],
    [
      'the tenant of the token',
      'https://login.example.com/3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70/v2.0',
      201,
    ],
    ['the tenant of personal accounts', `https://login.example.com/${PERSONAL_TENANT}/v2.0`, 401],
  ])('can restrict a key to %s', async (_title, issuer, status) => {
    const published = jsonObject(await (await fetch(stack.fake.jwksUrl)).text());
    const keys = Array.isArray(published['keys']) ? published['keys'] : [];
    const server = await ReplyServer.start({
      body: JSON.stringify({ keys: keys.map((key: object) => ({ ...key, issuer })) }),
    });
    const { url, tenantId } = stack.fake;
    const other = await Stack.start(
      {
        AUTH_JWKS_URL: server.url,
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
    await server.stop();
    expect(statuses).toEqual([status, status]);
  });

  it('is fetched once for many tokens, and at most twice for a thousand with unknown keys', async () => {
    const other = await Stack.start();
    for (let index = 0; index < 3; index += 1) await other.create();
    expect(other.fake.requests().keySetRequests).toBe(1);
    const responses = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => {
        const token = `${unsigned({ alg: 'RS256', kid: `unknown ${index}` }, '{}')}x`;
        return other.request('GET', customersPath(), { token });
      }),
    );
    const fetched = other.fake.requests().keySetRequests;
    await other.stop();
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([401]));
    expect(fetched).toBeLessThanOrEqual(2);
  });

  it.each<[string, Reply]>([
    ['a redirect to another host', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['compressed', { headers: { 'content-encoding': 'gzip' }, body: gzipSync('{}') }],
    ['more than 1 MiB', { body: ' '.repeat(1_048_577) }],
    ['not JSON', { body: '<html></html>' }],
    ['a key of 1024 bits', { body: weakKeySet() }],
    [
      'keys for encryption',
      { body: '{"keys":[{"kty":"RSA","use":"enc","kid":"x","n":"x","e":"AQAB"}]}' },
    ],
    ['nested a million levels deep', { body: '['.repeat(1_000_000) }],
  ])('is rejected when it is %s', async (_title, reply) => {
    const server = await ReplyServer.start(reply);
    const other = await Stack.start({ AUTH_JWKS_URL: server.url });
    const [ready, created] = [await other.get('/readyz'), await other.create()];
    await other.stop();
    await server.stop();
    expect([ready.status, created.status]).toEqual([503, 503]);
    for (const { headers } of server.requests) expect(headers['accept-encoding']).toBeUndefined();
  });

  it('is fetched again when keys rotate, and cached tokens with old keys are refused', async () => {
    const other = await Stack.start();
    const before = await other.fake.issueToken({ roles });
    // The token is cached after its second use. It is valid until the new key set is known.
    for (let time = 1; time <= 2; time += 1) {
      expect((await other.create({ token: before })).status).toBe(201);
    }
    await other.fake.rotateKeys();
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

  it('can be unreachable while known keys are used, and an unknown key causes 503', async () => {
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
    const response = await other.create({ token: unknown });
    await other.stop();
    expect([response.status, response.error['code']]).toEqual([503, 'ServiceUnavailable']);
    expect(response.innerError['outcome']).toBe('not-sent');
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('makes the process not ready until it was fetched', async () => {
    const other = await Stack.start({ AUTH_JWKS_URL: 'http://127.0.0.1:9/keys' });
    const [ready, created] = [await other.get('/readyz'), await other.create()];
    await other.stop();
    expect([ready.status, created.status]).toEqual([503, 503]);
    expect(ready.error['message']).toContain('key set');
  });
});

function weakKeySet(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'weak' }] });
}
