import { expect } from '@jest/globals';
import { create, minimal, objectIn } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { isRecord } from '../record-reader.ts';
import { type Behaviour, CREATE_PAGE, keeps, SCHEMA } from './behaviour.fixture.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function statusOf(fake: GraphFake, changes: Record<string, unknown>): Promise<number> {
  return (await create(fake, { ...minimal, ...changes })).status;
}

/** Refused, with whatever status, and nothing is kept. */
async function refuses(fake: GraphFake, changes: Record<string, unknown>): Promise<void> {
  expect(await statusOf(fake, changes)).toBeGreaterThanOrEqual(400);
  expect(fake.customers(documented.business)).toEqual([]);
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph answers the documented create with the documented entity',
    standing: 'documented',
    source: CREATE_PAGE,
    shows: async (fake) => {
      const response = await create(fake, documented.request);
      const page: unknown = JSON.parse(documented.response);
      if (!isRecord(page)) throw new TypeError('the page has an object');
      const { id: _, '@odata.context': context, ...entity } = page;
      const root = String(context).replace('https://graph.microsoft.com/v1.0', fake.graphUrl);
      expect(response.status).toBe(201);
      expect(await objectIn(response)).toMatchObject({ ...entity, '@odata.context': root });
    },
  },
  {
    graph: 'Graph keeps and returns postOfficeBox and type of an address',
    standing: 'documented',
    source: `the example of the ${CREATE_PAGE}, against the schema`,
    shows: async (fake) => {
      const address = { postOfficeBox: '7', type: 'business' };
      const entity = await objectIn(await create(fake, { ...minimal, addresses: [address] }));
      expect(entity['addresses']).toEqual([address]);
    },
  },
  {
    graph: 'Graph gives a customer a GUID as its id',
    standing: 'documented',
    source: `the example of the ${CREATE_PAGE}`,
    shows: async (fake) => {
      expect((await objectIn(await create(fake)))['id']).toMatch(GUID);
    },
  },
  {
    graph: "Graph's ids can be Base64 of the mailbox and the customer instead",
    standing: 'observed',
    source: 'microsoft-graph-docs-contrib, issue 9047',
    shows: async () => {
      const fake = await GraphFake.start({ idShape: 'base64' });
      try {
        const id = String((await objectIn(await create(fake)))['id']);
        const bytes = Buffer.from(id, 'base64');
        expect(id).toHaveLength(80);
        expect(bytes.subarray(0, 4)).toEqual(Buffer.from([0, 4, 0x24, 0]));
        expect(bytes.subarray(4, 40).toString('ascii')).toMatch(GUID);
        expect(bytes.subarray(40, 43)).toEqual(Buffer.from([0, 0x10, 0]));
      } finally {
        await fake.close();
      }
    },
  },
  {
    graph: 'Graph takes a second customer of the same name and e-mail address',
    standing: 'documented',
    source: 'v1.0 page "List customers", whose example has two',
    shows: async (fake) => {
      const [one, two] = [await create(fake), await create(fake)];
      const ids = [(await objectIn(one))['id'], (await objectIn(two))['id']];
      expect(fake.customers(documented.business).map(({ id }) => id)).toEqual(ids);
      expect(new Set(ids).size).toBe(2);
    },
  },
  {
    graph: 'Graph knows no idempotency key: a create that is sent again creates again',
    standing: 'inferred',
    source: 'no page names a key for Bookings',
    shows: async (fake) => {
      const headers = { 'Idempotency-Key': '"7a1c"' };
      await create(fake, minimal, { headers });
      await create(fake, minimal, { headers });
      expect(fake.customers(documented.business)).toHaveLength(2);
    },
  },
  {
    graph: 'Graph needs a displayName that is not null',
    standing: 'documented',
    source: SCHEMA,
    shows: async (fake) => {
      await refuses(fake, { displayName: null });
      await refuses(fake, { displayName: undefined });
    },
  },
  {
    graph: 'Graph takes an emailAddress that is null',
    standing: 'documented',
    source: SCHEMA,
    shows: async (fake) => {
      expect(await statusOf(fake, { emailAddress: null })).toBe(201);
    },
  },
  {
    graph: 'Graph takes items of addresses and phones that are null',
    standing: 'documented',
    source: `items are nullable in ${SCHEMA}`,
    shows: async (fake) => {
      expect(await statusOf(fake, { addresses: [null], phones: [null] })).toBe(201);
    },
  },
  {
    graph: 'Graph says when a customer was created and changed',
    standing: 'documented',
    source: SCHEMA,
    shows: async (fake) => {
      const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
      expect(await objectIn(await create(fake))).toMatchObject({
        createdDateTime: time,
        lastUpdatedDateTime: time,
      });
    },
  },
  {
    graph: 'Graph takes ten types of phone and no other',
    standing: 'documented',
    source: `phoneType in ${SCHEMA}`,
    shows: async (fake) => {
      const types = ['home', 'business', 'mobile', 'other', 'assistant'];
      const more = ['homeFax', 'businessFax', 'otherFax', 'pager', 'radio'];
      await refuses(fake, { phones: [{ type: 'unknownFutureValue' }] });
      const phones = [...types, ...more].map((type) => ({ type }));
      expect(await statusOf(fake, { phones })).toBe(201);
    },
  },
  {
    graph: 'Graph takes language and region of a phone',
    standing: 'documented',
    source: `phone in ${SCHEMA}`,
    shows: async (fake) => {
      expect(await statusOf(fake, { phones: [{ language: 'en', region: 'US' }] })).toBe(201);
    },
  },
  {
    graph: 'Graph takes four types of address and no other',
    standing: 'documented',
    source: `physicalAddressType in ${SCHEMA}`,
    shows: async (fake) => {
      await refuses(fake, { addresses: [{ type: 'castle' }] });
      const addresses = ['unknown', 'home', 'business', 'other'].map((type) => ({ type }));
      expect(await statusOf(fake, { addresses })).toBe(201);
    },
  },
  {
    graph: 'Graph takes no property that its schema does not declare',
    standing: 'inferred',
    source: `bookingCustomer is no open type in ${SCHEMA}`,
    shows: (fake) => refuses(fake, { surname: 'Sherman' }),
  },
  {
    graph: 'Graph takes no id and no times from a caller',
    standing: 'inferred',
    source: 'v1.0 page "Update bookingCustomer" names four properties that can be set',
    shows: async (fake) => {
      await refuses(fake, { id: 'x' });
      await refuses(fake, { createdDateTime: '2026-01-01T00:00:00Z' });
      await refuses(fake, { lastUpdatedDateTime: '2026-01-01T00:00:00Z' });
    },
  },
  {
    graph: 'Graph needs @odata.type, because the declared type is abstract',
    standing: 'inferred',
    source: 'microsoft-graph-docs, issue 19310, of a sibling type',
    shows: (fake) => refuses(fake, { '@odata.type': undefined }),
  },
  {
    graph: 'Graph answers 400 BadRequest to a body that it cannot use',
    standing: 'inferred',
    source: 'answers/questions/1358557, of another request; some answers to appointments are 500',
    shows: async (fake) => {
      const response = await create(fake, '{"displayName":');
      expect(response.status).toBe(400);
      expect(await objectIn(response)).toMatchObject({ error: { code: 'BadRequest' } });
    },
  },
  {
    graph: 'Graph can keep the e-mail address in place of the displayName',
    standing: 'observed',
    source: 'microsoft-graph-docs, issue 15726',
    shows: async (fake) => {
      fake.script([{ kind: 'display-name-is-email' }]);
      const entity = await objectIn(await create(fake, documented.request));
      expect(entity).toMatchObject({
        displayName: 'jonis@relecloud.com',
        emailAddress: 'jonis@relecloud.com',
      });
    },
  },
];

keeps('the fake of Graph, creating customers', BEHAVIOURS);
