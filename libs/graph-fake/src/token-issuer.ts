import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { type Authority, issuerOf, tokenClaims } from './token-claims.ts';
import type { CallerTokenRequest } from './token-request.ts';

/** An RSA key of 2048 bits with the name it has in the key set. */
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
  // Tokens from before a rotation stay good until they expire, as a service that had cached the
  // old key would have it: rotating must not take the proxy's own Graph token away.
  #everyKey: readonly JWK[] = [];
  #verificationKeys = createLocalJWKSet({ keys: [] });

  constructor(authority: Authority, key: SigningKey) {
    this.authority = authority;
    this.#key = key;
    this.#use(key);
  }

  /** `iss` of version 2.0 tokens of the fake's own tenant. */
  get issuer(): string {
    return issuerOf(this.authority, '2.0');
  }

  /** The published key set: the current key alone. */
  get keySet(): { readonly keys: readonly JWK[] } {
    return { keys: [this.#key.publicJwk] };
  }

  /** Signs with a new key from now on; the old one leaves the published key set. */
  async rotate(): Promise<void> {
    this.#key = await generateSigningKey();
    this.#use(this.#key);
  }

  issue(request: CallerTokenRequest): string {
    const { kid, privateKey } = this.#key;
    const claims = tokenClaims(request, this.authority, Math.floor(Date.now() / 1000));
    // Tokens of version 1.0 carry x5t beside kid; that the two are equal is inferred.
    const names = request.version === '1.0' ? { kid, x5t: kid } : { kid };
    const header = { typ: 'JWT', alg: 'RS256', ...names, ...request.header };
    const content = `${encode(header)}.${encode(claims)}`;
    // Signed by hand, because a library would not sign under a header that lies.
    return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
  }

  /** The claims of a token of this issuer; rejects with jose's errors. No leeway for clocks. */
  async verify(token: string, audience: readonly string[]): Promise<JWTPayload> {
    const options = { algorithms: ['RS256'], audience: [...audience], requiredClaims: ['exp'] };
    return (await jwtVerify(token, this.#verificationKeys, options)).payload;
  }

  #use(key: SigningKey): void {
    this.#everyKey = [...this.#everyKey, key.publicJwk];
    this.#verificationKeys = createLocalJWKSet({ keys: [...this.#everyKey] });
  }
}

function encode(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
