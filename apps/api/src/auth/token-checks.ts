import type { JWTPayload, ProtectedHeaderParameters } from 'jose';
import { invalidToken, noBearerToken } from './auth-errors.ts';

/** Headers that bring a key, say where one is, or change how a token is read (RFC 7515, 4.1). */
const REFUSED_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'] as const;
/**
 * Entra's longest are good for 28 hours (Microsoft: continuous access evaluation), those that issuers
 * make for tests for a month. A longer life is most likely a mistake, such as a time in milliseconds.
 */
const LONGEST_LIFETIME_SECONDS = 31 * 86_400;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** Header, claims and signature in base64url, without padding (RFC 7515, 7.1). */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** What a bearer token may be made of (RFC 6750, 2.1). */
const BEARER = /^[\w.~+/-]+=*$/;
const BYTE_ORDER_MARK = '\uFEFF';

/** @throws GraphError 401 for what is no signed token in compact form; decoders would accept more */
export function assertCompact(token: string): void {
  if (COMPACT.test(token)) return;
  throw BEARER.test(token)
    ? invalidToken('The token is not a valid access token.')
    : noBearerToken();
}

/** @throws GraphError 401 for a header that no token of the issuers has: keys come from the key set alone */
export function assertPlainHeader(header: ProtectedHeaderParameters): void {
  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) throw invalidToken(`A token with the header ${refused} is refused.`);
}

/**
 * @param parsed header and claims as jose has read them
 * @throws GraphError 401 for a byte order mark, which jose skips and others do not, and for a member
 *   name that an object has twice: readers differ in which one counts (RFC 7519, 4)
 */
export function assertUnambiguous(token: string, ...parsed: readonly unknown[]): void {
  const parts = token.split('.');
  for (const [index, value] of parsed.entries()) {
    const json = Buffer.from(parts[index] ?? '', 'base64url').toString('utf8');
    if (json.startsWith(BYTE_ORDER_MARK)) {
      throw invalidToken('The token is not a valid access token.');
    }
    if (repeatsName(json, value)) throw invalidToken('Duplicate member in token.');
  }
}

/** Whether a token ends within any time that an issuer would give it. `1e999` is Infinity in JSON. */
export function endsInTime({ exp }: JWTPayload, nowMs: number): boolean {
  return exp !== undefined && exp <= nowMs / 1000 + LONGEST_LIFETIME_SECONDS;
}

/** Whether `issuer` is for `tenant`: one with a tenant's id in it is for no other. */
export function isIssuerOf(issuer: string, tenant: string): boolean {
  const named = GUID.exec(issuer)?.[0];
  return named === undefined || named.toLowerCase() === tenant.toLowerCase();
}

/** A string that is never closed goes to the end, so that nothing is read twice. */
const JSON_STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)/gs;

/**
 * Whether an object in `json` has a name twice: then there are more colons outside of strings than
 * members that were read.
 *
 * @param value what `json` was read as
 */
export function repeatsName(json: string, value: unknown): boolean {
  const written = json.replaceAll(JSON_STRINGS, '').split(':').length - 1;
  return memberCount(value) < written;
}

/** How many members its objects have together: of two with one name a reader keeps one. */
function memberCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const values: readonly unknown[] = Object.values(value);
  const within = values.reduce<number>((sum, each) => sum + memberCount(each), 0);
  return Array.isArray(value) ? within : within + values.length;
}
