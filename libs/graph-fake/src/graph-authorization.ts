import { decodeJwt, errors, type JWTPayload } from 'jose';
import { GraphRefusal } from './graph-response.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** A row of an operation's permissions table. One of the names is enough. */
export interface Permissions {
  readonly delegated: readonly string[];
  readonly application: readonly string[];
}

/** `tid` of personal Microsoft accounts. */
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Observed on a 401. `authorization_uri` is Microsoft's, not the fake's. */
const challenge = [
  'Bearer realm=""',
  'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  'client_id="00000003-0000-0000-c000-000000000000"',
].join(', ');

/** The unverified bearer token of an `Authorization` header. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

/** The unverified application id of a token, by which concurrent requests are counted. */
export function claimedApp(token: string | undefined): string {
  try {
    const { appid, azp } = decodeJwt(token ?? '');
    return typeof appid === 'string' ? appid : typeof azp === 'string' ? azp : '';
  } catch {
    return '';
  }
}

/** Throws 401 unless this issuer issued the token for one of the audiences and it is valid now. */
export async function authenticate(
  issuer: TokenIssuer,
  audiences: readonly string[],
  token: string | undefined,
): Promise<JWTPayload> {
  if (token === undefined) throw unauthenticated('Access token is empty.');
  try {
    const claims = await issuer.verify(token, audiences);
    // Documented for APIs without personal accounts. The message is unknown.
    if (claims['tid'] === PERSONAL_TENANT) throw unauthenticated('Personal accounts are refused.');
    return claims;
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    if (cause instanceof errors.JWTExpired) {
      throw unauthenticated('Lifetime validation failed, the token is expired.');
    }
    if (cause instanceof errors.JWTClaimValidationFailed) {
      // Graph's messages for another audience and for `nbf` are unknown.
      throw unauthenticated('Access token validation failure.');
    }
    throw unauthenticated('CompactToken parsing failed with error code: 80049217');
  }
}

/** Throws 403 if the token has none of the permissions. A token with `scp` is a user's. */
export function authorize(claims: JWTPayload, permissions: Permissions): void {
  const { scp, roles } = claims;
  const held: unknown[] =
    typeof scp === 'string' ? scp.split(' ') : Array.isArray(roles) ? roles : [];
  const enough = typeof scp === 'string' ? permissions.delegated : permissions.application;
  if (enough.some((name) => held.includes(name))) return;
  // Observed for directory requests. The message of Bookings is unknown.
  throw new GraphRefusal(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  );
}

function unauthenticated(message: string): GraphRefusal {
  return new GraphRefusal(401, 'InvalidAuthenticationToken', message, {
    'WWW-Authenticate': challenge,
  });
}
