import type { JWTPayload, ProtectedHeaderParameters } from 'jose';

/** Headers that bring a key, say where one is, or change how a token is read (RFC 7515, 4.1). */
const REFUSED_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'] as const;
/**
 * Entra's longest are good for 28 hours (Microsoft: continuous access evaluation), those that issuers
 * make for tests for a month. What lasts longer was most likely made by mistake, in milliseconds say.
 */
const LONGEST_LIFETIME_SECONDS = 31 * 86_400;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** The first header that no token of the issuers has; keys are the key set's business alone. */
export function refusedHeader(header: ProtectedHeaderParameters): string | undefined {
  return REFUSED_HEADERS.find((name) => Object.hasOwn(header, name));
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

/** One that is never closed goes to the end, so that no piece is read twice. */
const JSON_TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)/gs;

/**
 * Whether an object in `json` has a name twice. Readers differ in which one counts, so that two of
 * them could take one token for different callers' (RFC 7519, 4).
 *
 * @param value what `json` was read as
 */
export function repeatsName(json: string, value: unknown): boolean {
  const written = json.replaceAll(JSON_TEXTS, '').split(':').length - 1;
  return memberCount(value) < written;
}

/** How many members its objects have together: of two with one name a reader keeps one. */
function memberCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const values: readonly unknown[] = Object.values(value);
  const within = values.reduce<number>((sum, each) => sum + memberCount(each), 0);
  return Array.isArray(value) ? within : within + values.length;
}
