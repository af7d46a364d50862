import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { type Authority, issuerOf, tokenClaims } from './token-claims.ts';
import type { CallerTokenRequest } from './token-request.ts';

/** An RSA key of 2048 bits with its key id. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

/** Takes about 100 ms. */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
  });
  const kid = randomBytes(20).toString('base64url');
  const { kty, n, e } = publicKey.export({ format: 'jwk' });
  if (kty !== 'RSA' || n === undefined || e === undefined) throw new TypeError('not an RSA key');
  return { kid, privateKey, publicJwk: { kty, use: 'sig', kid, n, e } };
}

/** Issues and verifies Entra-shaped access tokens, signed with RS256. */
export class TokenIssuer {
  readonly authority: Authority;
  #key: SigningKey;
  // Older tokens stay valid after a rotation, as at a service that has cached the old key. The
  // proxy's token for Graph must survive it.
  #allKeys: readonly JWK[] = [];
  #verificationKeys = createLocalJWKSet({ keys: [] });

  constructor(authority: Authority, key: SigningKey) {
    this.authority = authority;
    this.#key = key;
    this.#use(key);
  }

  /** `iss` of version 2.0 tokens of the tenant. */
  get issuer(): string {
    return issuerOf(this.authority, '2.0');
  }

  /** The published key set, with only the current key. */
  get keySet(): { readonly keys: readonly JWK[] } {
    return { keys: [this.#key.publicJwk] };
  }

  /** Replaces the signing key and the published key set. */
  async rotate(): Promise<void> {
    this.#key = await generateSigningKey();
    this.#use(this.#key);
  }

  issue(request: CallerTokenRequest): string {
    const { kid, privateKey } = this.#key;
    const claims = tokenClaims(request, this.authority, Math.floor(Date.now() / 1000));
    // Tokens of version 1.0 have x5t as well. That it equals kid is inferred.
    const names = request.version === '1.0' ? { kid, x5t: kid } : { kid };
    const header = { typ: 'JWT', alg: 'RS256', ...names, ...request.header };
    const content = `${encode(header)}.${encode(claims)}`;
    // Signed without a library, which would refuse a header with a wrong algorithm.
    return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
  }

  /** The claims of a token of this issuer, without clock leeway. Rejects with jose's errors. */
  async verify(token: string, audience: readonly string[]): Promise<JWTPayload> {
    const options = { algorithms: ['RS256'], audience: [...audience], requiredClaims: ['exp'] };
    return (await jwtVerify(token, this.#verificationKeys, options)).payload;
  }

  #use(key: SigningKey): void {
    this.#allKeys = [...this.#allKeys, key.publicJwk];
    this.#verificationKeys = createLocalJWKSet({ keys: [...this.#allKeys] });
  }
}

function encode(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
