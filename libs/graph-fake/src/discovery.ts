import type { TokenIssuer } from './token-issuer.ts';

/** The issuer's documents that hang below a tenant. */
export type IssuerDocument = 'configuration' | 'keys' | 'token';

/** Finds the issuer's document behind a path, or nothing. */
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

/** Where the published key set of the issuer's tenant lies. */
export function keySetUrl(issuer: TokenIssuer): string {
  return `${issuer.authority.url}/${issuer.authority.tenantId}/discovery/v2.0/keys`;
}

/** OpenID Connect Discovery 1.0, the members that a verifier of access tokens reads. */
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
