import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, minimal, refusalIn } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const address = { street: '4567 Main Street', city: 'Buffalo', type: 'home', postOfficeBox: '' };

describe('the body of a create', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  afterAll(() => fake.close());

  it.each([
    ['that is not JSON', '{"displayName":'],
    ['that is empty', ''],
    ['that is a list', []],
    ['that is null', null],
    ['without @odata.type', { displayName: 'Joni' }],
    ['of another type', { ...minimal, '@odata.type': '#microsoft.graph.bookingCustomerBase' }],
    ['without displayName', { '@odata.type': minimal['@odata.type'] }],
    ['with displayName null', { ...minimal, displayName: null }],
    ['with displayName a number', { ...minimal, displayName: 7 }],
    ['with emailAddress a list', { ...minimal, emailAddress: [] }],
    ['with an id', { ...minimal, id: '1' }],
    ['with createdDateTime', { ...minimal, createdDateTime: '2024-01-01T00:00:00Z' }],
    ['with an unknown property', { ...minimal, noSuchProperty: '' }],
    ['with a property in another letter case', { ...minimal, emailaddress: 'a@b.c' }],
    ['with addresses null', { ...minimal, addresses: null }],
    ['with an address that is text', { ...minimal, addresses: ['x'] }],
    ['with an unknown member of an address', { ...minimal, addresses: [{ zip: '1' }] }],
    ['with a number in an address', { ...minimal, addresses: [{ postalCode: 98052 }] }],
    ['with a wrong type of address', { ...minimal, addresses: [{ type: 'Home' }] }],
    ['with a phone type as an address type', { ...minimal, addresses: [{ type: 'mobile' }] }],
    ['with phones an object', { ...minimal, phones: {} }],
    ['with an unknown member of a phone', { ...minimal, phones: [{ extension: '1' }] }],
    ['with a wrong type of phone', { ...minimal, phones: [{ type: 'cell' }] }],
  ])('is refused %s', async (_, body) => {
    fake.forget();
    expect(await refusalIn(await create(fake, body))).toMatchObject({
      status: 400,
      code: 'BadRequest',
    });
    expect(fake.customers(documented.business)).toEqual([]);
  });

  it.each(['id', 'createdDateTime', 'lastUpdatedDateTime'])('may not set %s', async (name) => {
    const { message } = await refusalIn(await create(fake, { ...minimal, [name]: '1' }));
    expect(message).toBe(`The property '${name}' is read-only.`);
  });

  it.each([
    ['@odata.type without the leading #', { '@odata.type': 'microsoft.graph.bookingCustomer' }],
    ['emailAddress null', { emailAddress: null }],
    ['postOfficeBox and type in an address', { addresses: [address] }],
    ['an address of nulls', { addresses: [{ city: null, type: null }] }],
    ['an item that is null', { phones: [null] }],
    ['every member of a phone', { phones: [{ number: '1', language: 'en', region: 'US' }] }],
  ])('may have %s, and gets it back', async (_, part) => {
    const response = await create(fake, { ...minimal, ...part });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ ...part, '@odata.type': minimal['@odata.type'] });
  });

  const phoneTypes =
    'home business mobile other assistant homeFax businessFax otherFax pager radio';
  it.each(phoneTypes.split(' '))('may have a phone of type %s', async (type) => {
    expect((await create(fake, { ...minimal, phones: [{ type }] })).status).toBe(201);
  });

  it.each(['unknown', 'home', 'business', 'other'])(
    'may have an address of type %s',
    async (type) => {
      expect((await create(fake, { ...minimal, addresses: [{ type }] })).status).toBe(201);
    },
  );
});
