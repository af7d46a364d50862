import type { JWTPayload, ProtectedHeaderParameters } from 'jose';
import { UUID } from '../http/uuid.ts';
import { invalidToken, noBearerToken } from './auth-errors.ts';

/** Headers that contain or locate a key, or change how a token is decoded (RFC 7515, 4.1). */
const REFUSED_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'] as const;
/**
 * Entra's tokens last 28 hours at most (Microsoft: continuous access evaluation). A token of more than
 * a month is most likely a mistake, such as a time in milliseconds.
 */
const MAX_LIFETIME_SECONDS = 31 * 86_400;
/** Header, claims and signature in base64url, without padding (RFC 7515, 7.1). */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** The characters of a bearer token (RFC 6750, 2.1). */
const BEARER = /^[\w.~+/-]+=*$/;
const BYTE_ORDER_MARK = '\uFEFF';

/** @throws GraphError 401 unless the token is a compact JWS. Base64 decoders would accept more. */
export function assertCompact(token: string): void {
  if (COMPACT.test(token)) return;
  throw BEARER.test(token)
    ? invalidToken('form', 'The token is not a valid access token.')
    : noBearerToken();
}

/** @throws GraphError 401 for a refused header. Keys come only from the key set. */
export function assertPlainHeader(header: ProtectedHeaderParameters): void {
  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) {
    throw invalidToken('header', `A token with the header ${refused} is refused.`);
  }
}

/**
 * @param parsed header and claims as jose has parsed them
 * @throws GraphError 401 for a byte order mark, which only some parsers skip, and for a duplicate
 *   member name, where parsers differ in which one they use (RFC 7519, 4)
 */
export function assertUnambiguous(token: string, ...parsed: readonly unknown[]): void {
  const parts = token.split('.');
  for (const [index, value] of parsed.entries()) {
    const json = Buffer.from(parts[index] ?? '', 'base64url').toString('utf8');
    if (json.startsWith(BYTE_ORDER_MARK)) {
      throw invalidToken('unambiguous', 'The token is not a valid access token.');
    }
    if (hasDuplicateName(json, value))
      throw invalidToken('unambiguous', 'Duplicate member in token.');
  }
}

/** Whether the lifetime of a token is plausible. JSON parses `1e999` as Infinity. */
export function hasPlausibleExpiry({ exp }: JWTPayload, nowMs: number): boolean {
  return exp !== undefined && exp <= nowMs / 1000 + MAX_LIFETIME_SECONDS;
}

/** Whether `issuer` names `tenant` or no tenant. */
export function isIssuerOf(issuer: string, tenant: string): boolean {
  const named = UUID.exec(issuer)?.[0];
  return named === undefined || named.toLowerCase() === tenant.toLowerCase();
}

/** Matches an unterminated string to the end, which keeps the matching linear. */
const JSON_STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)/gs;

/**
 * Whether an object in `json` has a duplicate member name. There are then more colons outside of
 * strings than members in the parsed value.
 *
 * @param value the parsed `json`
 */
export function hasDuplicateName(json: string, value: unknown): boolean {
  const colons = json.replaceAll(JSON_STRINGS, '').split(':').length - 1;
  return memberCount(value) < colons;
}

/** The number of members in all objects of `value`. */
function memberCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const values: readonly unknown[] = Object.values(value);
  const within = values.reduce<number>((sum, each) => sum + memberCount(each), 0);
  return Array.isArray(value) ? within : within + values.length;
}
