import { type KeyObject, createPublicKey } from 'node:crypto';
import { isObject } from '@bookings/domain';

/** RS256 wants keys of 2048 bits or more (RFC 7518, 3.3). */
const LEAST_MODULUS_BITS = 2048;
/** The least that FIPS 186-5 (A.1.1) allows. Under 1 a signature can be written without a private key. */
const LEAST_EXPONENT = 65_537n;

export interface SigningKey {
  readonly key: KeyObject;
  /** The issuer that the key is for, `{tenantid}` in it for the token's own; Entra's common set says it. */
  readonly issuer: string | undefined;
}

/** What is read of a key in the set. */
interface RsaKey {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  readonly issuer?: unknown;
}

/** The keys of a key set (RFC 7517) that verify RS256, by key id. All others are ignored. */
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

/** Undefined for what cannot be read, which must not cost the other keys of the set. */
function publicKey({ n, e }: RsaKey): KeyObject | undefined {
  try {
    // Only what is needed: a key set has no say in algorithms or addresses of other keys.
    return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n, e } });
  } catch {
    return undefined;
  }
}

function isStrong({ asymmetricKeyDetails: details }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = details ?? {};
  const isOdd = publicExponent % 2n === 1n;
  return modulusLength >= LEAST_MODULUS_BITS && publicExponent >= LEAST_EXPONENT && isOdd;
}
