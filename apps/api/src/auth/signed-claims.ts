import { type KeyObject, verify } from 'node:crypto';
import {
  type JWTClaimVerificationOptions,
  type JWTPayload,
  type ProtectedHeaderParameters,
  UnsecuredJWT,
  decodeProtectedHeader,
} from 'jose';
import { invalidToken } from './auth-errors.ts';

/** The key for a header; rejects when there is none. */
export type FindKey = (header: ProtectedHeaderParameters) => Promise<KeyObject>;

/**
 * The header of a token without a signature (RFC 7519, 6.1). jose looks at claims under one that it
 * has verified itself, or under this.
 */
const UNSIGNED = Buffer.from('{"alg":"none"}').toString('base64url');

/** Header, claims and signature in base64url, without padding (RFC 7515, 7.1); Node would read more. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

/**
 * The claims of a token that is signed with RS256, once its signature is verified. jose reads and
 * judges everything but the signature, which it would have another thread verify: to wake that costs
 * several times what verifying does, and every forged token would make us pay for it.
 *
 * @throws GraphError 401, errors of jose's, or what `findKey` rejects with
 */
export async function signedClaims(
  token: string,
  findKey: FindKey,
  options: JWTClaimVerificationOptions,
): Promise<JWTPayload> {
  const [, header, claims, signature] = COMPACT.exec(token) ?? [];
  if (header === undefined || claims === undefined || signature === undefined) {
    throw invalidToken('The token is not a valid access token.');
  }
  const parsed = decodeProtectedHeader(token);
  if (parsed.alg !== 'RS256') throw invalidToken('The token must be signed with RS256.');
  const key = await findKey(parsed);
  const signed = Buffer.from(`${header}.${claims}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) {
    throw invalidToken("The token's signature does not verify.");
  }
  return UnsecuredJWT.decode(`${UNSIGNED}.${claims}.`, options).payload;
}
