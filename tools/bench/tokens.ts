import { generateKeyPair, type KeyObject, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

const TENANT = '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70';
const CALLER = '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22';
const KEY_ID = 'bench-signing-key';
const LIFETIME_SECONDS = 6 * 3600;

export const AUDIENCE = 'api://bookings-proxy';
export const ISSUER = `https://login.example.com/${TENANT}/v2.0`;
export const ROLE = 'BookingsAppointment.ReadWrite.All';

/** Makes access tokens of applications in the shape of Entra's, version 2.0, with a key of its own. */
export class TokenMaker {
  /** The JSON that verifies them. */
  readonly keySet: string;
  readonly #key: KeyObject;

  private constructor(publicKey: KeyObject, privateKey: KeyObject) {
    const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: KEY_ID };
    this.keySet = JSON.stringify({ keys: [jwk] });
    this.#key = privateKey;
  }

  static async create(): Promise<TokenMaker> {
    const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 });
    return new TokenMaker(publicKey, privateKey);
  }

  /** No two are the same. */
  async make(roles: readonly string[] = [ROLE]): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000);
    const oid = randomUUID();
    const claims = {
      ...{
        aud: AUDIENCE,
        iss: ISSUER,
        iat: seconds,
        nbf: seconds,
        exp: seconds + LIFETIME_SECONDS,
      },
      ...{ azp: CALLER, azpacr: '1', idtyp: 'app', oid, sub: oid, tid: TENANT, ver: '2.0' },
      ...{ roles, uti: randomUUID() },
    };
    const content = `${encode({ typ: 'JWT', alg: 'RS256', kid: KEY_ID })}.${encode(claims)}`;
    const signature = await new Promise<Buffer>((resolve, reject) => {
      sign('sha256', Buffer.from(content), this.#key, (error, bytes) => {
        if (error) reject(error);
        else resolve(bytes);
      });
    });
    return `${content}.${signature.toString('base64url')}`;
  }

  makeMany(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.make()));
  }
}

/** What `token` says, with the signature of `other`. */
export function forged(token: string, other: string): string {
  return token.slice(0, token.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'));
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
