import { type KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { useStack } from '../stack.ts';
import { ReplyServer } from './reply-server.ts';
import { checkToken, roles } from './token-rows.ts';

const NOT_PUBLISHED = 'The token is signed with a key that its issuer does not publish.';

/** A published key, and a function that signs with it or forges its signature. */
interface Published {
  readonly jwk: unknown;
  readonly signature: (content: Buffer) => Buffer;
}

const pair = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });

function published(
  { publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  more: Record<string, unknown> = {},
): Published {
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), ...more },
    signature: (content) => sign('sha256', content, privateKey),
  };
}

/** DigestInfo of SHA-256 without the digest (RFC 8017, section 9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const MODULUS_BYTES = 256;

/** With exponent 1 the padded digest is a valid signature. No private key is needed. */
function padded(content: Buffer): Buffer {
  const end = Buffer.concat([DIGEST_INFO, createHash('sha256').update(content).digest()]);
  const padding = Buffer.alloc(MODULUS_BYTES - end.length - 3, 0xff);
  return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), end]);
}

function forged(exponent: Buffer): Published {
  const modulus = randomBytes(MODULUS_BYTES);
  modulus[0] = 0xff;
  modulus[MODULUS_BYTES - 1] = 0xff;
  const [n, e] = [modulus.toString('base64url'), exponent.toString('base64url')];
  return { jwk: { kty: 'RSA', n, e }, signature: padded };
}

const good = pair(2048);
const exponents = (...bytes: number[]) => Buffer.from(bytes);

const KEYS: Readonly<Record<string, readonly [key: Published, status: 201 | 401]>> = {
  'no use': [published(good), 201],
  'every member about its use': [
    published(good, { use: 'sig', alg: 'RS256', key_ops: ['sign', 'verify'] }),
    201,
  ],
  '3072 bits': [published(pair(3072)), 201],
  'a larger exponent': [published(pair(2048, 65_539)), 201],
  '1024 bits': [published(pair(1024)), 401],
  '2047 bits': [published(pair(2047)), 401],
  'exponent 1': [forged(exponents(1)), 401],
  'exponent 1 after zeroes': [forged(exponents(0, 0, 0, 1)), 401],
  'exponent 0': [forged(exponents(0)), 401],
  'exponent 3': [published(pair(2048, 3)), 401],
  'exponent 65535': [published(pair(2048, 65_535)), 401],
  'an even exponent': [published(good, { e: exponents(1, 0, 2).toString('base64url') }), 401],
  'use for encryption': [published(good, { use: 'enc' }), 401],
  'use of null': [published(good, { use: null }), 401],
  'key_ops without verify': [published(good, { key_ops: ['sign'] }), 401],
  'empty key_ops': [published(good, { key_ops: [] }), 401],
  'key_ops that are a string': [published(good, { key_ops: 'verify' }), 401],
  'key_ops with a number': [published(good, { key_ops: ['verify', 1] }), 401],
  'another algorithm': [published(good, { alg: 'RS512' }), 401],
  'another type': [published(good, { kty: 'EC' }), 401],
  'no modulus': [published(good, { n: '' }), 401],
  'an invalid modulus': [published(good, { n: '%%' }), 401],
  'no exponent': [published(good, { e: '' }), 401],
  'an exponent that is not a string': [published(good, { e: 65_537 }), 401],
};

/** Invalid members of a list of keys. */
const NO_KEYS = [null, 'x', 7, [], {}, { kty: 'RSA' }, { kty: 'RSA', kid: 'x', n: {}, e: [] }];

let claims: string;
const stack = useStack(async () => {
  const keys = Object.entries(KEYS).map(([kid, [{ jwk }]]) => ({ ...Object(jwk), kid }) as object);
  const body = JSON.stringify({ keys: [...NO_KEYS, ...keys, ...NO_KEYS] });
  return { AUTH_JWKS_URL: (await ReplyServer.start({ body })).url };
});
beforeAll(async () => {
  claims = JSON.stringify(decodeJwt(await stack.fake.issueToken({ roles })));
});

describe('a key of the key set', () => {
  it.each(Object.entries(KEYS))('with %s', async (kid, [{ signature }, status]) => {
    const header = JSON.stringify({ typ: 'JWT', alg: 'RS256', kid });
    const content = [header, claims].map((part) => Buffer.from(part).toString('base64url'));
    const signed = Buffer.from(content.join('.'));
    const token = [...content, signature(signed).toString('base64url')].join('.');
    await checkToken(stack, token, status, status === 401 ? NOT_PUBLISHED : undefined);
  });

  it('that is invalid does not affect the others', async () => {
    expect((await stack.get('/readyz')).status).toBe(200);
  });
});
