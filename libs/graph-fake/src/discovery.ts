import type { TokenIssuer } from './token-issuer.ts';

/** The documents of the issuer below a tenant. */
export type IssuerDocument = 'configuration' | 'keys' | 'token';

/** The document of the issuer at a path, if there is one. */
export function matchIssuerPath(
  path: string,
): { readonly tenant: string; readonly document: IssuerDocument } | undefined {
  const [, tenant, rest] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (tenant === undefined || rest === undefined) return undefined;
  switch (rest.toLowerCase()) {
    case 'v2.0/.well-known/openid-configuration':
      return { tenant, document: 'configuration' };
    case 'discovery/v2.0/keys':
      return { tenant, document: 'keys' };
    case 'oauth2/v2.0/token':
      return { tenant, document: 'token' };
    default:
      return undefined;
  }
}

/** The address of the issuer's key set. */
export function keySetUrl(issuer: TokenIssuer): string {
  return `${issuer.authority.url}/${issuer.authority.tenantId}/discovery/v2.0/keys`;
}

/** The members of OpenID Connect Discovery 1.0 that a verifier of access tokens reads. */
export function openidConfiguration(issuer: TokenIssuer): Record<string, unknown> {
  return {
    issuer: issuer.issuer,
    jwks_uri: keySetUrl(issuer),
    token_endpoint: `${issuer.authority.url}/${issuer.authority.tenantId}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['token'],
    subject_types_supported: ['pairwise'],
  };
}
