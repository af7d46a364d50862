import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphFake } from '@bookings/graph-fake';

const PASSED_ON = ['PATH', 'LOG_LEVEL', 'TZ'];

/** Configures the production API for the fake: the same code as in production, other addresses. */
export function apiEnvironment(fake: GraphFake, port: number): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(PASSED_ON.map((key) => [key, process.env[key]])),
    PORT: String(port),
    AUTH_ISSUERS: `${fake.url}/{tid}/v2.0`,
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

/** Resolves when the API says that it is ready; false when `ended` says that it never will. */
export async function ready(url: string, ended: AbortSignal): Promise<boolean> {
  while (!ended.aborted) {
    const answer = await fetch(`${url}/readyz`, { signal: ended }).catch(() => undefined);
    if (answer?.status === 200) return true;
    await sleep(20);
  }
  return false;
}
