import { decodeProtectedHeader } from 'jose';
import { invalidToken } from './auth-errors.ts';
import { refuseRepeats } from './signed-claims.ts';
import { refusedHeader } from './token-shape.ts';

/** So many at most: an issuer's tokens have a few for each of its keys. */
const MAX_HEADERS = 100;

/**
 * Headers of tokens, of which the key's id is all that counts once the rest was found in order. Most
 * tokens that one key signs begin with the same text, and what a verified one began with is not read
 * again: far from the processor's caches that took a third of what verifying the signature takes.
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

  /**
   * Must be asked before a token is believed, and once it is verified: what anybody can send is not
   * kept, nor looked through to its end.
   *
   * @throws GraphError 401 for a header that says something twice
   */
  accept(encoded: string, keyId: string): void {
    if (this.#keyIds.has(encoded)) return;
    refuseRepeats(encoded, decodeProtectedHeader({ protected: encoded }));
    if (this.#keyIds.size >= MAX_HEADERS) this.#keyIds.clear();
    this.#keyIds.set(copyOf(encoded), keyId);
  }
}

function readKeyId(encoded: string): string | undefined {
  const header = decodeProtectedHeader({ protected: encoded });
  if (header.alg !== 'RS256') throw invalidToken('The token must be signed with RS256.');
  const refused = refusedHeader(header);
  if (refused !== undefined) throw invalidToken(`A token with the header ${refused} is refused.`);
  return typeof header.kid === 'string' ? header.kid : undefined;
}

/** V8 keeps a whole text as long as a piece that was cut out of it, here the token. */
function copyOf(piece: string): string {
  return Buffer.from(piece, 'latin1').toString('latin1');
}
