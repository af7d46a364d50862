import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { minimal, objectIn, send } from './client.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const permission = 'BookingsAppointment.ReadWrite.All';
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('the token endpoint', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  afterAll(() => fake.close());

  type Form = Readonly<Record<string, string>>;

  function ask(form: Form, tenant = fake.tenantId): Promise<Response> {
    const body = new URLSearchParams(form);
    return fetch(`${fake.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body });
  }

  const forApplication = (changes: Form = {}): Form => ({
    grant_type: 'client_credentials',
    client_id: fake.client.clientId,
    client_secret: fake.client.clientSecret,
    scope: `${fake.url}/.default`,
    ...changes,
  });

  const forUser = async (changes: Form = {}): Promise<Form> => ({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    client_id: fake.client.clientId,
    client_secret: fake.client.clientSecret,
    requested_token_use: 'on_behalf_of',
    assertion: await fake.issueToken({ scopes: [permission], objectId: 'adele' }),
    scope: `${fake.url}/${permission}`,
    ...changes,
  });

  it('issues an application token for Graph with the granted permissions', async () => {
    const response = await ask(forApplication());
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { access_token, ...reply } = await objectIn(response);
    expect(reply).toEqual({ token_type: 'Bearer', expires_in: 3599 });
    const token = String(access_token);
    expect(decodeJwt(token)).toMatchObject({
      aud: fake.url,
      iss: `${fake.url}/${fake.tenantId}/`,
      ver: '1.0',
      appid: fake.client.clientId,
      idtyp: 'app',
      roles: [permission],
    });
    expect((await send(fake, minimal, { token })).status).toBe(201);
  });

  it("issues tokens for Graph's real audience, which the fake accepts", async () => {
    const form = forApplication({ scope: 'https://graph.microsoft.com/.default' });
    const { access_token: token } = await objectIn(await ask(form));
    expect(decodeJwt(String(token)).aud).toBe('https://graph.microsoft.com');
    expect((await send(fake, minimal, { token: String(token) })).status).toBe(201);
  });

  it('issues a token on behalf of a user, with the requested permission', async () => {
    const { access_token } = await objectIn(await ask(await forUser()));
    const token = String(access_token);
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      aud: fake.url,
      ver: '1.0',
      appid: fake.client.clientId,
      oid: 'adele',
      tid: fake.tenantId,
      scp: permission,
    });
    expect(claims).not.toHaveProperty('roles');
    expect((await send(fake, minimal, { token })).status).toBe(201);
  });

  it("issues the Bookings permissions of the user's token for .default", async () => {
    const assertion = await fake.issueToken({ scopes: 'openid Bookings.Read.All Other.Thing' });
    const form = await forUser({ assertion, scope: `${fake.url}/.default offline_access` });
    const { access_token } = await objectIn(await ask(form));
    expect(decodeJwt(String(access_token))['scp']).toBe('Bookings.Read.All');
  });

  it('accepts an assertion with the client id as audience', async () => {
    const assertion = await fake.issueToken({ audience: fake.client.clientId, scopes: [] });
    expect((await ask(await forUser({ assertion }))).status).toBe(200);
  });

  const scope70011 = ['invalid_scope', 70011] as const;
  it.each([
    ['no grant type', { grant_type: '' }, 400, 'invalid_request', undefined],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', undefined],
    ['no client', { client_id: '' }, 400, 'invalid_request', undefined],
    ['an unknown client', { client_id: 'unknown' }, 400, 'unauthorized_client', 700016],
    ['a wrong secret', { client_secret: 'guess' }, 401, 'invalid_client', 7000215],
    ['no scope', { scope: '' }, 400, 'invalid_request', undefined],
    ['a permission as scope', { scope: `x/${permission}` }, 400, 'invalid_scope', 1002012],
    ['another resource', { scope: 'api://x/.default' }, 400, 'invalid_resource', 500011],
  ])('refuses an application with %s', async (_, changes, status, error, number) => {
    const response = await ask(forApplication(changes));
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error,
      error_description: expect.stringMatching(
        number ? `^AADSTS${number}: .+Trace ID: ` : '^[^:]+Trace ID: ',
      ),
      error_codes: number ? [number] : [],
      timestamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}Z$/),
      trace_id: expect.stringMatching(guid),
      correlation_id: expect.stringMatching(guid),
    });
  });

  it.each([
    ['a wrong secret', { client_secret: 'guess' }, 'invalid_client', 7000215],
    ['no assertion', { assertion: '' }, 'invalid_request', undefined],
    ['a garbled assertion', { assertion: 'a.b.c' }, 'invalid_grant', 50013],
    ['another token use', { requested_token_use: 'x' }, 'invalid_request', undefined],
    ['no resource', { scope: permission }, 'invalid_resource', 500011],
    ['an unknown permission', { scope: 'https://graph.microsoft.com/Foo' }, ...scope70011],
    ['two resources', { scope: 'a/Bookings.Read.All b/Bookings.Read.All' }, ...scope70011],
    ['offline_access alone', { scope: 'offline_access' }, ...scope70011],
  ])('refuses to act for a user with %s', async (_, changes, error, number) => {
    const body = await objectIn(await ask(await forUser(changes)));
    expect(body).toMatchObject({ error, error_codes: number ? [number] : [] });
  });

  it.each([
    ['has expired', { scopes: [permission], lifetimeSeconds: -1 }, 500133],
    ['is for another API', { scopes: [permission], audience: 'api://other' }, 50013],
    ["is an application's", { roles: [permission] }, 50013],
  ])('refuses an assertion that %s', async (_, request, number) => {
    const assertion = await fake.issueToken(request);
    const body = await objectIn(await ask(await forUser({ assertion })));
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [number] });
  });

  it('refuses an assertion that it did not issue', async () => {
    const stranger = await GraphFake.start();
    const assertion = await stranger.issueToken({ scopes: [permission] });
    await stranger.close();
    const body = await objectIn(await ask(await forUser({ assertion })));
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50013] });
  });

  it('refuses another tenant', async () => {
    const body = await objectIn(await ask(forApplication(), 'common'));
    expect(body).toMatchObject({ error: 'invalid_request', error_codes: [90002] });
  });

  it('refuses a body that is not a form', async () => {
    const url = `${fake.url}/${fake.tenantId}/oauth2/v2.0/token`;
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify(forApplication());
    const response = await fetch(url, { method: 'POST', headers, body });
    expect([response.status, (await objectIn(response))['error']]).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('answers as the script says, apart from the requests to Graph', async () => {
    const error = { error: 'invalid_grant', error_codes: [53003] };
    fake.script([
      { kind: 'pass', endpoint: 'token' },
      { kind: 'status', status: 503 },
      { kind: 'status', status: 400, endpoint: 'token', body: error },
      { kind: 'status', status: 429, endpoint: 'token', headers: { 'Retry-After': '7' }, times: 2 },
    ]);
    expect((await ask(forApplication())).status).toBe(200);
    const refused = await ask(await forUser());
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([400, 'no-store']);
    expect(await refused.json()).toEqual(error);
    for (let times = 1; times <= 2; times += 1) {
      const throttled = await ask(forApplication());
      expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7']);
    }
    const token = await fake.issueGraphToken();
    expect((await send(fake, minimal, { token })).status).toBe(503);
    expect((await ask(forApplication())).status).toBe(200);
    fake.script([{ kind: 'status', status: 500, endpoint: 'token' }]);
    fake.forget();
    expect((await ask(forApplication())).status).toBe(200);
  });

  it('refuses unknown clients', async () => {
    const client = { clientId: 'A', clientSecret: 's', audience: 'api://a', roles: [] };
    const other = await GraphFake.start({ clients: [client] });
    try {
      expect(other.client).toBe(client);
      const body = new URLSearchParams(forApplication());
      const url = `${other.url}/${other.tenantId}/oauth2/v2.0/token`;
      expect((await fetch(url, { method: 'POST', body })).status).toBe(400);
    } finally {
      await other.close();
    }
  });
});
