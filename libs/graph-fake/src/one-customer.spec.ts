import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create, customersPath, objectIn, refusalIn, send } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const TYPE = { '@odata.type': '#microsoft.graph.bookingCustomer' };
const READ = 'Bookings.Read.All';
const NOT_FOUND = { status: 404, code: 'ErrorItemNotFound' };

describe.each(['guid', 'base64'] as const)('one customer with an id in %s', (idShape) => {
  let fake: GraphFake;
  let id: string;
  let path: string;
  beforeAll(async () => {
    fake = await GraphFake.start({ idShape });
  });
  beforeEach(async () => {
    fake.forget();
    id = String((await objectIn(await create(fake, documented.request)))['id']);
    path = `${customersPath()}/${encodeURIComponent(id)}`;
  });
  afterAll(() => fake.close());

  const ask = async (method: string, body: unknown = '', at = path) =>
    send(fake, body, { method, path: at, token: await fake.issueGraphToken() });

  it('is returned as it was created', async () => {
    const response = await ask('GET');
    expect(response.status).toBe(200);
    expect(await objectIn(response)).toEqual({
      '@odata.context': `${fake.graphUrl}/solutions/$metadata#bookingBusinesses('Contosolunchdelivery%40contoso.onmicrosoft.com')/customers/$entity`,
      ...TYPE,
      ...fake.customers(documented.business)[0],
    });
  });

  it('changes only in the members of an update', async () => {
    const [before] = fake.customers(documented.business);
    const changes = { displayName: 'Adele', emailAddress: null, phones: [] };
    const response = await ask('PATCH', { ...TYPE, ...changes });
    const lastUpdatedDateTime = expect.any(String);
    expect([response.status, await objectIn(response)]).toEqual([
      200,
      expect.objectContaining({ ...before, ...changes, lastUpdatedDateTime }),
    ]);
    expect(fake.customers(documented.business)).toEqual([
      { ...before, ...changes, lastUpdatedDateTime },
    ]);
  });

  it.each([
    { displayName: 'Adele' },
    { ...TYPE, displayName: null },
    { ...TYPE, id: 'x' },
    { ...TYPE, surname: 'Vance' },
    { ...TYPE, phones: [{ type: 'satellite' }] },
  ])('is not changed by %j', async (changes) => {
    const before = fake.customers(documented.business);
    expect(await refusalIn(await ask('PATCH', changes))).toMatchObject({ status: 400 });
    expect(fake.customers(documented.business)).toEqual(before);
  });

  it('is not found after a delete', async () => {
    const response = await ask('DELETE');
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(fake.customers(documented.business)).toEqual([]);
    for (const method of ['GET', 'DELETE']) {
      expect(await refusalIn(await ask(method))).toMatchObject(NOT_FOUND);
    }
    expect(await refusalIn(await ask('PATCH', TYPE))).toMatchObject(NOT_FOUND);
  });

  it('belongs to one business', async () => {
    const elsewhere = `${customersPath('Contosolunchdelivery@contoso.com')}/${encodeURIComponent(id)}`;
    expect(await refusalIn(await ask('GET', '', elsewhere))).toMatchObject(NOT_FOUND);
  });

  it('cannot be created or replaced by its id', async () => {
    for (const method of ['POST', 'PUT']) {
      expect(await refusalIn(await ask(method, TYPE))).toMatchObject({ status: 405 });
    }
  });

  it.each([
    ['GET', 'a user', { scopes: [READ] }, 200],
    ['GET', 'an application', { roles: [READ] }, 200],
    ['GET', 'an application', { roles: [] }, 403],
    ['PATCH', 'a user', { scopes: [READ] }, 403],
    ['DELETE', 'a user', { scopes: [READ] }, 403],
    ['DELETE', 'a user', { scopes: ['Bookings.Manage.All'] }, 204],
    // Microsoft's tables say so, but callers should not depend on it.
    ['PATCH', 'an application', { roles: [READ] }, 200],
  ])('answers %s to %s with %j by its permissions: %i', async (method, _who, held, status) => {
    const token = await fake.issueGraphToken(held);
    expect((await send(fake, TYPE, { method, path, token })).status).toBe(status);
  });

  it('is affected by faults', async () => {
    fake.script([{ kind: 'reset', when: 'after-stored' }]);
    await expect(ask('DELETE')).rejects.toThrow();
    expect(fake.customers(documented.business)).toEqual([]);
  });
});
