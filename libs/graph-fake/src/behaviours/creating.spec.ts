import { expect } from '@jest/globals';
import { create, minimal, objectIn } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { isRecord } from '../record-reader.ts';
import { type Behaviour, CREATE_PAGE, describeBehaviours } from './behaviour.fixture.ts';

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph answers the documented create with the documented entity',
    evidence: 'documented',
    source: CREATE_PAGE,
    verify: async (fake) => {
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
    graph: 'Graph stores and returns postOfficeBox and type of an address',
    evidence: 'documented',
    source: `the example of the ${CREATE_PAGE}, against the schema`,
    verify: async (fake) => {
      const address = { postOfficeBox: '7', type: 'business' };
      const entity = await objectIn(await create(fake, { ...minimal, addresses: [address] }));
      expect(entity['addresses']).toEqual([address]);
    },
  },
  {
    graph: 'Graph keeps others as the type of an address',
    evidence: 'documented',
    source: `v1.0 page "bookingCustomer resource type", against the ${CREATE_PAGE}; a switch of the fake`,
    verify: async () => {
      const fake = await GraphFake.start({ addressTypes: 'others' });
      try {
        const address = { city: 'Buffalo', type: 'home' };
        const entity = await objectIn(await create(fake, { ...minimal, addresses: [address] }));
        expect(entity['addresses']).toEqual([{ city: 'Buffalo', type: 'others' }]);
      } finally {
        await fake.close();
      }
    },
  },
  {
    graph: 'Graph accepts a second customer with the same name and e-mail address',
    evidence: 'documented',
    source: 'v1.0 page "List customers", whose example has two',
    verify: async (fake) => {
      const [one, two] = [await create(fake), await create(fake)];
      const ids = [(await objectIn(one))['id'], (await objectIn(two))['id']];
      expect(fake.customers(documented.business).map(({ id }) => id)).toEqual(ids);
      expect(new Set(ids).size).toBe(2);
    },
  },
  {
    graph: 'Graph ignores an idempotency key and creates a second customer',
    evidence: 'inferred',
    source: 'no page names a key for Bookings',
    verify: async (fake) => {
      const headers = { 'Idempotency-Key': '"7a1c"' };
      await create(fake, minimal, { headers });
      await create(fake, minimal, { headers });
      expect(fake.customers(documented.business)).toHaveLength(2);
    },
  },
  {
    graph: 'Graph returns the times of the creation and of the last change',
    evidence: 'documented',
    source: `v1.0 page "bookingCustomer resource type"; not in the example of the ${CREATE_PAGE}`,
    verify: async (fake) => {
      const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
      expect(await objectIn(await create(fake))).toMatchObject({
        createdDateTime: time,
        lastUpdatedDateTime: time,
      });
    },
  },
  {
    graph: 'Graph answers an invalid body with 400 BadRequest',
    evidence: 'inferred',
    source: 'answers/questions/1358557, of another request; some answers to appointments are 500',
    verify: async (fake) => {
      const response = await create(fake, '{"displayName":');
      expect(response.status).toBe(400);
      expect(await objectIn(response)).toMatchObject({ error: { code: 'BadRequest' } });
    },
  },
  {
    graph: 'Graph can store the e-mail address as the displayName',
    evidence: 'observed',
    source: 'microsoft-graph-docs, issue 15726',
    verify: async (fake) => {
      fake.script([{ kind: 'display-name-is-email' }]);
      const entity = await objectIn(await create(fake, documented.request));
      expect(entity).toMatchObject({
        displayName: 'jonis@relecloud.com',
        emailAddress: 'jonis@relecloud.com',
      });
    },
  },
];

describeBehaviours('the fake of Graph, creating customers', BEHAVIOURS);
