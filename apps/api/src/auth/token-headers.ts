import { decodeProtectedHeader } from 'jose';
import { invalidToken } from './auth-errors.ts';
import { saysAllOnce } from './signed-claims.ts';
import { refusedHeader } from './token-shape.ts';

/** So many at most: an issuer's tokens have one for each of its keys. */
const MAX_HEADERS = 100;

/**
 * Headers of tokens, of which the key's id is all that counts once the rest was found in order. The
 * tokens that one key signs begin with the same text, and what a verified one began with is not read
 * again: far from the processor's caches that took as long as a quarter of verifying the signature.
 */
export class TokenHeaders {
  readonly #keyIds = new Map<string, string>();

  /**
   * Undefined where it has none.
   *
   * @param encoded in base64url
   * @throws GraphError 401, or an error of jose's
   */
  keyIdIn(encoded: string): string | undefined {
    return this.#keyIds.get(encoded) ?? readKeyId(encoded);
  }

  /** Of a token that was verified: what anybody can send is not kept. */
  keep(encoded: string, keyId: string): void {
    if (this.#keyIds.has(encoded)) return;
    if (this.#keyIds.size >= MAX_HEADERS) this.#keyIds.clear();
    this.#keyIds.set(encoded, keyId);
  }
}

function readKeyId(encoded: string): string | undefined {
  const header = decodeProtectedHeader({ protected: encoded });
  if (header.alg !== 'RS256') throw invalidToken('The token must be signed with RS256.');
  const refused = refusedHeader(header);
  if (refused !== undefined) throw invalidToken(`A token with the header ${refused} is refused.`);
  saysAllOnce(encoded, header);
  return typeof header.kid === 'string' ? header.kid : undefined;
}
