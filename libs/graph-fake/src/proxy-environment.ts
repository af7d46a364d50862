import type { GraphFake } from './graph-fake.ts';

/** The environment variables for a proxy that uses `fake`, including the secret. */
export function proxyEnvironment(fake: GraphFake): Record<string, string> {
  return {
    // The issuers of v2 and v1 tokens.
    AUTH_ISSUERS: `${fake.url}/{tid}/v2.0,${fake.url}/{tid}/`,
    AUTH_AUDIENCES: fake.client.audience,
    AUTH_TENANTS: fake.tenantId,
    AUTH_JWKS_URL: fake.jwksUrl,
    GRAPH_BASE_URL: fake.graphUrl,
    GRAPH_CREDENTIAL: 'client-secret',
    AZURE_AUTHORITY_HOST: fake.url,
    AZURE_TENANT_ID: fake.tenantId,
    AZURE_CLIENT_ID: fake.client.clientId,
    AZURE_CLIENT_SECRET: fake.client.clientSecret,
  };
}
