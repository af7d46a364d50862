import { randomBytes } from 'node:crypto';
import type { CallerTokenRequest } from './token-request.ts';

/** The address and the tenant of the issuer. */
export interface Authority {
  readonly url: string;
  readonly tenantId: string;
}

/** Microsoft identity platform documents 3599 in its token replies. */
export const tokenLifetimeSeconds = 3599;

const callingApp = '5c8f1b1e-2f0a-4c55-8a3d-7e6b9d0c1f22';
const servicePrincipal = 'd3a9f0b4-11c7-4e0e-9b6a-0f5e4d3c2b1a';
const user = '0e7c6a52-94d3-4b1f-8c2e-3a4b5c6d7e8f';

/** `iss`, which differs by token version (Microsoft: access token claims reference). */
export function issuerOf(authority: Authority, version: '1.0' | '2.0'): string {
  const root = `${authority.url}/${authority.tenantId}/`;
  return version === '1.0' ? root : `${root}v2.0`;
}

/**
 * The claims of an access token, as in Microsoft's access token claims reference.
 *
 * With `scopes` it is a user's token, otherwise an application's. Without `roles` it has none, as
 * Entra issues such tokens to any application of the tenant.
 */
export function tokenClaims(
  request: CallerTokenRequest,
  authority: Authority,
  nowSeconds: number,
): Record<string, unknown> {
  const version = request.version ?? '2.0';
  const tid = request.tenantId ?? authority.tenantId;
  const lifetimeSeconds = request.lifetimeSeconds ?? tokenLifetimeSeconds;
  // An expired token was issued before it expired.
  const iat =
    lifetimeSeconds > 0 ? nowSeconds : nowSeconds + lifetimeSeconds - tokenLifetimeSeconds;
  return {
    aud: request.audience ?? 'api://bookings-proxy',
    iss: issuerOf({ url: authority.url, tenantId: tid }, version),
    iat,
    nbf: request.notBeforeSeconds === undefined ? iat : nowSeconds + request.notBeforeSeconds,
    exp: nowSeconds + lifetimeSeconds,
    tid,
    uti: randomBytes(16).toString('base64url'),
    ver: version,
    ...applicationClaims(request.appId ?? callingApp, version),
    ...(request.roles === undefined ? {} : { roles: request.roles }),
    ...(request.scopes === undefined
      ? principalClaims(request.objectId ?? servicePrincipal)
      : userClaims(request.objectId ?? user, request.scopes, version)),
    ...request.claims,
  };
}

/** The value 1 of `azpacr` and `appidacr` means that the application used a secret. */
function applicationClaims(appId: string, version: '1.0' | '2.0'): Record<string, unknown> {
  return version === '1.0' ? { appid: appId, appidacr: '1' } : { azp: appId, azpacr: '1' };
}

function principalClaims(objectId: string): Record<string, unknown> {
  return { oid: objectId, sub: objectId, idtyp: 'app' };
}

function userClaims(
  objectId: string,
  scopes: readonly string[] | string,
  version: '1.0' | '2.0',
): Record<string, unknown> {
  const login = 'adelev@contoso.onmicrosoft.com';
  return {
    oid: objectId,
    // `sub` is pairwise: it differs by application and is not the object id.
    sub: Buffer.from(`pairwise-${objectId}`).toString('base64url'),
    scp: typeof scopes === 'string' ? scopes : scopes.join(' '),
    name: 'Adele Vance',
    ...(version === '1.0' ? { upn: login } : { preferred_username: login }),
  };
}
