import { type KeyObject, constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { listen, close } from '../local-server.ts';
import { onTeardown } from '../teardown.ts';

/** Signature algorithms of RFC 7518, sections 3.3 and 3.5. */
const ALGORITHMS = {
  RS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  RS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PADDING },
  RS512: { hash: 'sha512', padding: constants.RSA_PKCS1_PADDING },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING },
  PS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PSS_PADDING },
} as const;

export type Algorithm = keyof typeof ALGORITHMS;

/** A token issuer that signs any text with its published key. */
export class TestIssuer {
  readonly kid = 'published';
  /** Paths of the requests that arrived. */
  readonly requests: string[] = [];
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(readonly url: string) {}

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(`http://127.0.0.1:${await listen(server)}`);
    onTeardown(() => close(server));
    server.on('request', (request, response) => {
      issuer.requests.push(request.url ?? '');
      response.end(issuer.keySet);
    });
    return issuer;
  }

  get publicKey(): KeyObject {
    return this.#keys.publicKey;
  }

  get jwk(): Record<string, unknown> {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig' };
  }

  get keySet(): string {
    return JSON.stringify({ keys: [this.jwk] });
  }

  /** @param claims JSON text that is signed as it is. A `header` that is a string is, too. */
  jwt(header: object | string, claims: string, algorithm: Algorithm = 'RS256'): string {
    const content = `${encode(header)}.${encode(claims)}`;
    const { hash, padding } = ALGORITHMS[algorithm];
    const signature = sign(hash, Buffer.from(content), {
      key: this.#keys.privateKey,
      padding,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });
    return `${content}.${signature.toString('base64url')}`;
  }
}

/** A token that is signed with HMAC, as with HS256. */
export function hmacSigned(header: object, claims: string, secret: string | Buffer): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

/** A token with an empty signature. */
export function unsigned(header: object, claims: string): string {
  return `${encode(header)}.${encode(claims)}.`;
}

function encode(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
