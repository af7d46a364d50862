import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { objectIn } from './client.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let fake: GraphFake;
beforeAll(async () => {
  fake = await GraphFake.start();
});
afterAll(() => fake.close());

async function ask(
  authentication: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const form = {
    grant_type: 'client_credentials',
    client_id: fake.client.clientId,
    scope: `${fake.url}/.default`,
    ...authentication,
  };
  const url = `${fake.url}/${fake.tenantId}/oauth2/v2.0/token`;
  return objectIn(await fetch(url, { method: 'POST', body: new URLSearchParams(form) }));
}

const federated = (subject?: string) => ({
  client_assertion_type: assertionType,
  client_assertion: fake.issueFederatedToken(subject),
});

// Microsoft: client credentials flow with a federated credential. The tests of the proxy cover
// assertions that are signed with a certificate.
describe('a client with an assertion', () => {
  it('gets a token for a federated token of the trusted subject', async () => {
    const { access_token } = await ask(federated());
    expect(decodeJwt(String(access_token))).toMatchObject({ appid: fake.client.clientId });
  });

  it.each([
    ['another subject', () => federated('system:serviceaccount:bookings:other'), 'invalid_client'],
    ['no token', () => ({ ...federated(), client_assertion: 'x' }), 'invalid_client'],
    ['another type', () => ({ ...federated(), client_assertion_type: 'urn:x' }), 'invalid_request'],
    ['an empty assertion', () => ({ ...federated(), client_assertion: '' }), 'invalid_request'],
  ])('is refused for %s, secret or not', async (_title, authentication, error) => {
    const secret = { client_secret: fake.client.clientSecret };
    expect(await ask({ ...secret, ...authentication() })).toMatchObject({ error });
  });

  it('is refused if the assertion has another audience', async () => {
    const client_assertion = await fake.issueToken({
      claims: { sub: fake.client.federatedSubject },
    });
    expect(await ask({ ...federated(), client_assertion })).toMatchObject({
      error: 'invalid_client',
    });
  });
});

// Microsoft Graph, resource type application: `passwordCredentials` is a collection.
describe('a client with two secrets', () => {
  it('gets a token for each of them, and for no other', async () => {
    const [clientId, audience] = [crypto.randomUUID(), 'api://rotated'];
    const client = { clientId, audience, clientSecret: 'old', others: { clientSecret: 'new' } };
    const own = await GraphFake.start({ clients: [{ ...client, roles: [] }] });
    const errorFor = async (client_secret: string) => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret };
      const url = `${own.url}/${own.tenantId}/oauth2/v2.0/token`;
      const body = new URLSearchParams({ ...form, scope: `${own.url}/.default` });
      return (await objectIn(await fetch(url, { method: 'POST', body })))['error'];
    };
    const errors = [await errorFor('old'), await errorFor('new'), await errorFor('')];
    await own.close();
    expect(errors).toEqual([undefined, undefined, 'invalid_client']);
  });
});

describe('the endpoint of a managed identity', () => {
  const at = (header: string, query: string) =>
    fetch(`${fake.managedIdentity.url}${query}`, { headers: { 'x-identity-header': header } });

  it('returns a token of the client for the secret header value', async () => {
    const response = await at(fake.managedIdentity.header, `?resource=${fake.url}`);
    const { access_token, expires_on, ...reply } = await objectIn(response);
    expect(reply).toMatchObject({ token_type: 'Bearer', resource: fake.url });
    expect(Number(expires_on)).toBeGreaterThan(Date.now() / 1000 + 3000);
    expect(decodeJwt(String(access_token))).toMatchObject({
      aud: fake.url,
      appid: fake.client.clientId,
    });
  });

  it.each([
    ['another value', 'x', '?resource=y'],
    ['no resource', undefined, ''],
  ])('refuses %s', async (_title, header, query) => {
    expect((await at(header ?? fake.managedIdentity.header, query)).status).toBe(400);
  });
});
