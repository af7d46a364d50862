import { decodeJwt, errors, type JWTPayload } from 'jose';
import { GraphRefusal } from './graph-answer.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Any one of the names is enough; a row of the operation's permissions table. */
export interface Permissions {
  readonly delegated: readonly string[];
  readonly application: readonly string[];
}

/** As observed on a plain 401; `authorization_uri` is Microsoft's, not the fake's. */
const challenge = [
  'Bearer realm=""',
  'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  'client_id="00000003-0000-0000-c000-000000000000"',
].join(', ');

/** The bearer token of an `Authorization` header, not verified. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

/** The application a token names, not verified: what simultaneous requests are counted by. */
export function claimedApp(token: string | undefined): string {
  try {
    const { appid, azp } = decodeJwt(token ?? '');
    return typeof appid === 'string' ? appid : typeof azp === 'string' ? azp : '';
  } catch {
    return '';
  }
}

/** Throws 401 unless the token was issued here, for one of these audiences, and is in its time. */
export async function authenticate(
  issuer: TokenIssuer,
  audiences: readonly string[],
  token: string | undefined,
): Promise<JWTPayload> {
  if (token === undefined) throw unauthenticated('Access token is empty.');
  try {
    return await issuer.verify(token, audiences);
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    if (cause instanceof errors.JWTExpired) {
      throw unauthenticated('Lifetime validation failed, the token is expired.');
    }
    if (cause instanceof errors.JWTClaimValidationFailed) {
      // Graph's words for another audience or a token before its time are not known.
      throw unauthenticated('Access token validation failure.');
    }
    throw unauthenticated('CompactToken parsing failed with error code: 80049217');
  }
}

/** Throws 403 unless the token holds a permission; with `scp` it is a user's, else an application's. */
export function authorize(claims: JWTPayload, permissions: Permissions): void {
  const { scp, roles } = claims;
  const held: unknown[] =
    typeof scp === 'string' ? scp.split(' ') : Array.isArray(roles) ? roles : [];
  const enough = typeof scp === 'string' ? permissions.delegated : permissions.application;
  if (enough.some((name) => held.includes(name))) return;
  // Observed on directory requests; what Bookings says to a token without permission is not known.
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
