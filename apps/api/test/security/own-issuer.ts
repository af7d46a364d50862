import { type KeyObject, constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';

/** How the standards sign (RFC 7518, 3.3 and 3.5). */
const ALGORITHMS = {
  RS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  RS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PADDING },
  RS512: { hash: 'sha512', padding: constants.RSA_PKCS1_PADDING },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING },
  PS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PSS_PADDING },
} as const;

export type Algorithm = keyof typeof ALGORITHMS;

/** An issuer with a published key that signs whatever text it is given. */
export class OwnIssuer {
  readonly kid = 'published';
  readonly #privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Targets of the requests that came. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.#privateKey = pair.privateKey;
    this.publicKey = pair.publicKey;
    server.on('request', (request, response) => {
      this.asked.push(request.url ?? '');
      response.end(this.keySet);
    });
  }

  static async start(): Promise<OwnIssuer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('not a TCP server');
    return new OwnIssuer(server, `http://127.0.0.1:${address.port}`);
  }

  get jwk(): Record<string, unknown> {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig' };
  }

  get keySet(): string {
    return JSON.stringify({ keys: [this.jwk] });
  }

  /** @param claims JSON, byte for byte, as `header` is when it is a text */
  jwt(header: object | string, claims: string, algorithm: Algorithm = 'RS256'): string {
    const content = `${encode(header)}.${encode(claims)}`;
    const { hash, padding } = ALGORITHMS[algorithm];
    const signature = sign(hash, Buffer.from(content), {
      key: this.#privateKey,
      padding,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });
    return `${content}.${signature.toString('base64url')}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/** A token with a signature that is a keyed hash, as for HS256. */
export function hashed(header: object, claims: string, secret: string | Buffer): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

export function unsigned(header: object, claims: string): string {
  return `${encode(header)}.${encode(claims)}.`;
}

function encode(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
