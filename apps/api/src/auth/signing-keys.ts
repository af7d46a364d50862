import { type KeyObject, createPublicKey } from 'node:crypto';
import { isObject } from '@bookings/domain';

/** RS256 requires keys of at least 2048 bits (RFC 7518, 3.3). */
const MIN_MODULUS_BITS = 2048;
/** The minimum of FIPS 186-5 (A.1.1). With exponent 1, anyone can forge a signature. */
const MIN_EXPONENT = 65_537n;

export interface SigningKey {
  readonly key: KeyObject;
  /** The issuer of the key, from Entra's common key set. `{tenantid}` stands for the token's tenant. */
  readonly issuer: string | undefined;
}

/** The members of a JWK that are used. */
interface RsaKey {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  readonly issuer?: unknown;
}

/** The RS256 keys of a key set (RFC 7517), by key id. Other keys are ignored. */
export function signingKeysIn(set: unknown): Map<string, SigningKey> {
  const listed: readonly unknown[] = isObject(set) && Array.isArray(set['keys']) ? set['keys'] : [];
  const keys = new Map<string, SigningKey>();
  for (const jwk of listed.filter(isSigningKey)) {
    const key = publicKey(jwk);
    if (!key || !isStrong(key)) continue;
    const { issuer } = jwk;
    keys.set(jwk.kid, { key, issuer: typeof issuer === 'string' ? issuer : undefined });
  }
  return keys;
}

function isSigningKey(jwk: unknown): jwk is RsaKey {
  if (!isObject(jwk) || jwk['kty'] !== 'RSA') return false;
  const { kid, n, e, use = 'sig', alg = 'RS256', key_ops: operations = ['verify'] } = jwk;
  return (
    typeof kid === 'string' &&
    typeof n === 'string' &&
    typeof e === 'string' &&
    use === 'sig' &&
    alg === 'RS256' &&
    Array.isArray(operations) &&
    operations.every((each) => typeof each === 'string') &&
    operations.includes('verify')
  );
}

/** Undefined for an invalid key, which must not affect the other keys. */
function publicKey({ n, e }: RsaKey): KeyObject | undefined {
  try {
    // Other members, such as `x5u`, must have no effect.
    return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n, e } });
  } catch {
    return undefined;
  }
}

function isStrong({ asymmetricKeyDetails: details }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = details ?? {};
  const isOdd = publicExponent % 2n === 1n;
  return modulusLength >= MIN_MODULUS_BITS && publicExponent >= MIN_EXPONENT && isOdd;
}
