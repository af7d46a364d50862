import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { create, customersPath, minimal, objectIn, send } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';

describe('the test endpoints', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  beforeEach(() => {
    fake.forget();
  });
  afterAll(() => fake.close());

  const callFake = (method: string, path: string, body?: string): Promise<Response> =>
    fetch(`${fake.url}/__fake${path}`, { method, ...(body === undefined ? {} : { body }) });

  it('list the Graph requests in order of arrival, without their tokens', async () => {
    await create(fake, documented.request, { headers: { 'client-request-id': 'abc' } });
    await send(fake, '{', { path: `${customersPath('X@y.z')}?a=b` });
    await send(fake, '', { path: '/me', method: 'GET' });
    const journal = await objectIn(await callFake('GET', '/requests'));
    expect(journal).toEqual({
      requests: [
        {
          method: 'POST',
          path: `/v1.0${customersPath()}`,
          business: documented.business,
          headers: expect.objectContaining({
            authorization: '[present]',
            'client-request-id': 'abc',
            'content-type': 'application/json',
          }),
          body: documented.request,
          at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
          status: 201,
        },
        expect.objectContaining({
          path: '/v1.0/solutions/bookingBusinesses/X%40y.z/customers?a=b',
          business: 'X@y.z',
          headers: expect.not.objectContaining({ authorization: expect.anything() }),
          body: '{',
          status: 401,
        }),
        expect.objectContaining({ method: 'GET', path: '/v1.0/me', business: null, status: 404 }),
      ],
      peakByMailbox: { [documented.business.toLowerCase()]: 1, 'x@y.z': 1 },
      peakOfWorkByMailbox: { [documented.business.toLowerCase()]: 1, 'x@y.z': 1 },
      tokenRequests: 0,
      keySetRequests: 0,
    });
    expect(journal).toEqual(fake.requests());
  });

  it('count the requests to the issuer', async () => {
    await fetch(fake.jwksUrl);
    await fetch(fake.jwksUrl);
    await fetch(`${fake.url}/${fake.tenantId}/oauth2/v2.0/token`, { method: 'POST' });
    expect(fake.requests()).toMatchObject({ requests: [], tokenRequests: 1, keySetRequests: 2 });
  });

  it('set a fault script', async () => {
    const response = await callFake('PUT', '/faults', '[{"kind":"status","status":503}]');
    expect(response.status).toBe(204);
    expect((await create(fake)).status).toBe(503);
  });

  it('refuse an invalid fault script and keep the previous one', async () => {
    fake.script([{ kind: 'status', status: 503 }]);
    const response = await callFake('PUT', '/faults', '[{"kind":"status"}]');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'faults[0].status: expected a whole number' });
    expect((await callFake('PUT', '/faults', 'no JSON')).status).toBe(400);
    expect((await create(fake)).status).toBe(503);
  });

  it('delete customers, journal and faults', async () => {
    await create(fake);
    await fetch(fake.jwksUrl);
    fake.script([{ kind: 'status', status: 503 }]);
    expect((await callFake('DELETE', '')).status).toBe(204);
    expect(fake.customers(documented.business)).toEqual([]);
    expect(fake.requests()).toEqual({
      requests: [],
      peakByMailbox: {},
      peakOfWorkByMailbox: {},
      tokenRequests: 0,
      keySetRequests: 0,
    });
    expect((await create(fake)).status).toBe(201);
  });

  it('issue a caller token', async () => {
    const body = JSON.stringify({ scopes: ['Bookings.Manage.All'], lifetimeSeconds: 60 });
    const { access_token } = await objectIn(await callFake('POST', '/tokens', body));
    expect(decodeJwt(String(access_token))).toMatchObject({
      aud: 'api://bookings-proxy',
      scp: 'Bookings.Manage.All',
      ver: '2.0',
    });
  });

  it('issue a token for Graph', async () => {
    const { access_token } = await objectIn(
      await callFake('POST', '/tokens', '{"resource":"graph"}'),
    );
    expect((await send(fake, minimal, { token: String(access_token) })).status).toBe(201);
  });

  it.each([
    ['{"lifetime":60}', 'token.lifetime: expected no such member'],
    ['{"roles":"a"}', 'token.roles: expected an array of strings'],
    ['{"scopes":[1]}', 'token.scopes: expected an array of strings'],
    ['{"version":"3.0"}', 'token.version: expected one of 1.0, 2.0'],
    ['{"resource":"mail"}', 'token.resource: expected one of graph'],
    ['[]', 'token: expected an object'],
  ])('refuse the token request %s', async (body, error) => {
    const response = await callFake('POST', '/tokens', body);
    expect([response.status, await response.json()]).toEqual([400, { error }]);
  });

  it('answer other paths with 404', async () => {
    expect((await callFake('GET', '/faults')).status).toBe(404);
    expect((await fetch(`${fake.url}/elsewhere`)).status).toBe(404);
  });
});
