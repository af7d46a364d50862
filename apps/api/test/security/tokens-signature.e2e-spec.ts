import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { useStack } from '../stack.ts';
import { TestIssuer, type Algorithm, hmacSigned, unsigned } from './test-issuer.ts';
import { checkToken, roles, scopes } from './token-rows.ts';

const RS256_ALONE = 'The token must be signed with RS256.';
const NOT_PUBLISHED = 'The token is signed with a key that its issuer does not publish.';

let issuer: TestIssuer;
let claims: string;
const stack = useStack(async () => {
  issuer = await TestIssuer.start();
  return { AUTH_JWKS_URL: `${issuer.url}/keys` };
});
beforeAll(async () => {
  claims = JSON.stringify(decodeJwt(await stack.fake.issueToken({ roles })));
});

const header = (more: object = {}) => ({ typ: 'JWT', alg: 'RS256', kid: issuer.kid, ...more });

describe('the algorithm of the token', () => {
  it('RS256 with a published key is accepted', async () => {
    await checkToken(stack, issuer.jwt(header(), claims), 201);
  });

  it.each<Algorithm>(['RS384', 'RS512', 'PS256', 'PS384'])(
    '%s is refused, even with a published key',
    async (alg) => {
      await checkToken(stack, issuer.jwt(header({ alg }), claims, alg), 401, RS256_ALONE);
    },
  );

  it.each(['none', 'None', 'NONE', 'nOnE'])('%s is refused', async (alg) => {
    await checkToken(stack, unsigned(header({ alg }), claims), 401, RS256_ALONE);
  });

  it.each<[string, () => string | Buffer]>([
    ['key set', () => issuer.keySet],
    ['JWK', () => JSON.stringify(issuer.jwk)],
    ['PEM', () => issuer.publicKey.export({ type: 'spki', format: 'pem' })],
    ['DER', () => issuer.publicKey.export({ type: 'spki', format: 'der' })],
    ['PKCS #1', () => issuer.publicKey.export({ type: 'pkcs1', format: 'pem' })],
  ])('HS256 with the public key as its secret is refused: %s', async (_title, secret) => {
    await checkToken(
      stack,
      hmacSigned(header({ alg: 'HS256' }), claims, secret()),
      401,
      RS256_ALONE,
    );
  });

  it.each([undefined, '', 'RS256 ', 7, ['RS256'], null])('%j is refused', async (alg) => {
    await checkToken(stack, issuer.jwt(header({ alg }), claims), 401);
  });
});

describe('the signature', () => {
  it('is refused when it belongs to another token', async () => {
    const [head, own] = issuer.jwt(header(), claims).split('.');
    const [, , other] = issuer.jwt(header(), JSON.stringify({ scopes })).split('.');
    const token = `${head ?? ''}.${own ?? ''}.${other ?? ''}`;
    await checkToken(stack, token, 401, "The token's signature does not verify.");
  });

  it('is refused when it is missing', async () => {
    await checkToken(stack, unsigned(header(), claims), 401, 'does not verify');
  });

  it.each(['=', '==', '~', '.', '/', '+AAAA'])(
    'is refused when it is followed by %s',
    async (more) => {
      await checkToken(stack, `${issuer.jwt(header(), claims)}${more}`, 401);
    },
  );

  it('is refused when it is made with another key under the id of a published key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = await new SignJWT(decodeJwt(issuer.jwt(header(), claims)))
      .setProtectedHeader({ alg: 'RS256', kid: issuer.kid })
      .sign(privateKey);
    expect(decodeProtectedHeader(token).kid).toBe(issuer.kid);
    await checkToken(stack, token, 401, 'does not verify');
  });
});

describe('the key id of the token', () => {
  it.each([
    'unknown',
    undefined,
    '',
    7,
    ['published'],
    'PUBLISHED',
    'published\0',
    '__proto__',
    'constructor',
    '../../../../dev/null',
    '/etc/passwd',
    'https://127.0.0.1:1/keys',
    "x' OR '1'='1",
    'x'.repeat(4000),
  ])('%j is refused', async (kid) => {
    await checkToken(stack, issuer.jwt(header({ kid }), claims), 401, NOT_PUBLISHED);
  });

  it('causes no request other than for the key set', () => {
    expect(new Set(issuer.requests)).toEqual(new Set(['/keys']));
  });
});

describe('a token that brings its own key', () => {
  const forms: [string, (thief: TestIssuer) => object][] = [
    ['jku', ({ url }) => ({ jku: `${url}/keys` })],
    ['x5u', ({ url }) => ({ x5u: `${url}/certificate` })],
    ['jwk', ({ jwk }) => ({ jwk })],
    ['x5c', () => ({ x5c: ['MIIB'] })],
    ['crit', () => ({ crit: ['b64'], b64: true })],
  ];

  it.each(forms)('is refused: %s', async (name, form) => {
    const thief = await TestIssuer.start();
    const words = `A token with the header ${name} is refused.`;
    for (const kid of [issuer.kid, 'stolen']) {
      await checkToken(stack, thief.jwt(header({ ...form(thief), kid }), claims), 401, words);
    }
    // The header is refused even if the signature is valid.
    await checkToken(stack, issuer.jwt(header(form(thief)), claims), 401, words);
    expect(thief.requests).toEqual([]);
  });

  it.each([{ crit: ['x'], x: 1 }, { crit: [] }, { crit: 'exp' }, { crit: ['b64'], b64: false }])(
    'is refused with the critical header %j',
    async (more) => {
      await checkToken(stack, issuer.jwt(header(more), claims), 401);
    },
  );
});

describe('a token that begins with a byte order mark', () => {
  it('is refused, in the header and in the claims', async () => {
    const marked = `\uFEFF${JSON.stringify(header())}`;
    await checkToken(stack, issuer.jwt(marked, claims), 401, 'not a valid access token');
    await checkToken(stack, issuer.jwt(header(), `\uFEFF${claims}`), 401, 'not a valid access');
  });
});

describe('a token with a duplicate member', () => {
  it.each<[string, (own: string) => string]>([
    ['a claim', (own) => own.replace('{', '{"tid":"00000000-0000-0000-0000-000000000000",')],
    ['a claim with an escaped name', (own) => own.replace('{', '{"t\\u0069d":"x",')],
    ['a claim with the same value', (own) => own.replace('{', '{"ver":"2.0",')],
    ['a nested claim', (own) => own.replace('{', '{"x":[{"a":{},"b":1,"a":2}],')],
  ])('is refused: %s', async (_title, spoilt) => {
    await checkToken(stack, issuer.jwt(header(), spoilt(claims)), 401, 'Duplicate member in token');
  });

  it('is refused: a header parameter', async () => {
    const twice = JSON.stringify(header()).replace('{', '{"kid":"other",');
    await checkToken(stack, issuer.jwt(twice, claims), 401, 'Duplicate member in token');
  });

  it('is accepted when the name only recurs in values or other objects', async () => {
    const more = '{"x":"tid","y":{"tid":1},"z":[{"tid":"a:{\\"b"},{"tid":2}],';
    await checkToken(stack, issuer.jwt(header(), claims.replace('{', more)), 201);
  });
});

describe('an expiry that is out of range', () => {
  it.each(['1e999', '1e308', '1e15', '-1e999', '-1', '0', 'true', 'null', '[]', '""'])(
    'is refused: %s',
    async (exp) => {
      await checkToken(
        stack,
        issuer.jwt(header(), claims.replace(/"exp":\d+/, `"exp":${exp}`)),
        401,
      );
    },
  );
});
