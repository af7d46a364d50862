import { expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import { objectIn } from '../client.fixture.ts';
import type { GraphFake } from '../graph-fake.ts';
import { type Behaviour, describeBehaviours } from './behaviour.fixture.ts';

function askForToken(fake: GraphFake, form: Record<string, string>): Promise<Response> {
  const { clientId, clientSecret } = fake.client;
  const client = { client_id: clientId, client_secret: clientSecret };
  return fetch(`${fake.url}/${fake.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...client, ...form }),
  });
}
const forApplication = (fake: GraphFake) => ({
  grant_type: 'client_credentials',
  scope: `${fake.url}/.default`,
});

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph gets tokens of version 1.0 from the token endpoint v2.0',
    evidence: 'documented',
    source: 'entra-docs, v2-oauth2-on-behalf-of-flow.md',
    verify: async (fake) => {
      const { access_token } = await objectIn(await askForToken(fake, forApplication(fake)));
      const { ver, appid } = decodeJwt(String(access_token));
      expect([ver, appid]).toEqual(['1.0', fake.client.clientId]);
    },
  },
  {
    graph: "Graph's issuer sends an application no refresh token",
    evidence: 'documented',
    source: 'entra-docs, v2-oauth2-client-creds-grant-flow.md',
    verify: async (fake) => {
      const reply = await objectIn(await askForToken(fake, forApplication(fake)));
      const access_token = expect.any(String);
      expect(reply).toEqual({ token_type: 'Bearer', expires_in: 3599, access_token });
    },
  },
  {
    graph: "Graph's issuer refuses on-behalf-of for a token of an application",
    evidence: 'documented',
    source: 'entra-docs, v2-oauth2-on-behalf-of-flow.md',
    verify: async (fake) => {
      const response = await askForToken(fake, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] }),
        scope: `${fake.url}/BookingsAppointment.ReadWrite.All`,
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await objectIn(response)).not.toHaveProperty('access_token');
    },
  },
  {
    graph: "Graph's issuer gives scopes on behalf of a user, and never the application's roles",
    evidence: 'documented',
    source: 'entra-docs, v2-oauth2-on-behalf-of-flow.md',
    verify: async (fake) => {
      const scope = 'BookingsAppointment.ReadWrite.All';
      const { access_token } = await objectIn(
        await askForToken(fake, {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          requested_token_use: 'on_behalf_of',
          assertion: await fake.issueToken({ scopes: [scope] }),
          scope: `${fake.url}/${scope}`,
        }),
      );
      const { scp, roles } = decodeJwt(String(access_token));
      expect([scp, roles]).toEqual([scope, undefined]);
    },
  },
  {
    graph: "Graph's issuer calls a wrong secret invalid_client",
    evidence: 'inferred',
    source: 'entra-docs, reference-error-codes.md, which has the value and not its causes',
    verify: async (fake) => {
      const form = { ...forApplication(fake), client_secret: 'wrong' };
      expect((await objectIn(await askForToken(fake, form)))['error']).toBe('invalid_client');
    },
  },
];

describeBehaviours("the issuer of Graph's tokens", BEHAVIOURS);
