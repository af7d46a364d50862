import { type KeyObject, verify } from 'node:crypto';
import { type JWTClaimVerificationOptions, type JWTPayload, UnsecuredJWT } from 'jose';
import { invalidToken, noBearerToken } from './auth-errors.ts';
import { repeatsName } from './token-shape.ts';

/** A token in its parts (RFC 7515, 7.1), of which nothing is believed yet. */
export interface SignedToken {
  /** In base64url, as is the rest. */
  readonly encodedHeader: string;
  readonly encodedClaims: string;
  readonly signature: string;
}

/**
 * The header of a token without a signature (RFC 7519, 6.1). jose looks at claims under one that it
 * has verified itself, or under this.
 */
const UNSIGNED = Buffer.from('{"alg":"none"}').toString('base64url');

/** Header, claims and signature in base64url, without padding (RFC 7515, 7.1); Node would read more. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

const BOM = '\uFEFF';

/** What a bearer token may be made of (RFC 6750, 2.1). */
const BEARER = /^[\w.~+/-]+=*$/;

/** @throws GraphError 401 */
export function partsOf(token: string): SignedToken {
  const [, encodedHeader, encodedClaims, signature] = COMPACT.exec(token) ?? [];
  if (encodedHeader === undefined || encodedClaims === undefined || signature === undefined) {
    throw BEARER.test(token)
      ? invalidToken('The token is not a valid access token.')
      : noBearerToken();
  }
  return { encodedHeader, encodedClaims, signature };
}

/**
 * The claims of a token that is signed with RS256, once its signature is verified. jose reads and
 * judges everything but the signature, which it would have another thread verify: to wake that costs
 * several times what verifying does, and every forged token would make us pay for it.
 *
 * @throws GraphError 401, or an error of jose's
 */
export function signedClaims(
  { encodedHeader, encodedClaims, signature }: SignedToken,
  key: KeyObject,
  options: JWTClaimVerificationOptions,
): JWTPayload {
  const signed = Buffer.from(`${encodedHeader}.${encodedClaims}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) {
    throw invalidToken("The token's signature does not verify.");
  }
  const { payload } = UnsecuredJWT.decode(`${UNSIGNED}.${encodedClaims}.`, options);
  refuseRepeats(encodedClaims, payload);
  return payload;
}

/**
 * @param value what jose read in `part`
 * @throws GraphError 401 for a name that is there twice, and for a byte order mark, which jose skips
 *   and others stumble over
 */
export function refuseRepeats(part: string, value: unknown): void {
  const text = Buffer.from(part, 'base64url').toString('utf8');
  if (text.startsWith(BOM)) throw invalidToken('The token is not a valid access token.');
  if (repeatsName(text, value)) throw invalidToken('The token says something twice.');
}
