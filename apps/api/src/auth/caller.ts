import type { Caller } from '@bookings/domain';
import type { JWTPayload } from 'jose';

/** The tenant of personal Microsoft accounts (Microsoft: access token claims reference, `tid`). */
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Claims that only a user's token has. An ID token has them too, and may have `roles`. */
const USER_CLAIMS = [
  'preferred_username',
  'upn',
  'unique_name',
  'email',
  'name',
  'given_name',
  'family_name',
  'nonce',
  'amr',
] as const;

/**
 * Reads the caller from the claims of a verified token, v1 or v2.
 *
 * @returns undefined when the claims do not identify a caller
 */
export function callerOf(claims: JWTPayload): Caller | undefined {
  const { tid: tenantId, scp } = claims;
  const appId = claims['azp'] ?? claims['appid'];
  if (typeof tenantId !== 'string' || typeof appId !== 'string' || appId === '') return undefined;
  if (scp !== undefined && typeof scp !== 'string') return undefined;
  const delegated = isDelegated(claims);
  return {
    kind: delegated ? 'delegated' : 'application',
    appId,
    tenantId,
    ...(delegated && userIn(claims)),
    // `roles` of a user are not permissions, and an application has no delegated `scp`.
    permissions: delegated ? words(scp) : strings(claims['roles']),
    personal: tenantId.toLowerCase() === PERSONAL_TENANT,
  };
}

/** Names the user. `sub` differs by application, so it stands only where there is no object id. */
function userIn({ oid, sub }: JWTPayload): Pick<Caller, 'objectId' | 'subject'> {
  if (typeof oid === 'string' && oid !== '') return { objectId: oid };
  return typeof sub === 'string' && sub !== '' ? { subject: sub } : {};
}

// Only user tokens have `scp`. `idtyp` is optional, so its absence proves nothing.
function isDelegated(claims: JWTPayload): boolean {
  if (claims['idtyp'] === 'app') return false;
  if (claims['scp'] !== undefined || claims['idtyp'] === 'user') return true;
  // A public client has no secret, so it cannot get a token for itself.
  if (claims['azpacr'] === '0' || claims['appidacr'] === '0') return true;
  return USER_CLAIMS.some((claim) => claims[claim] !== undefined);
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(' ').filter((word) => word !== '');
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
