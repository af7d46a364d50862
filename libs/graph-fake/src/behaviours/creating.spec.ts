import { expect } from '@jest/globals';
import { create, minimal, objectIn } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { isRecord } from '../record-reader.ts';
import { type Behaviour, CREATE_PAGE, keeps, SCHEMA } from './behaviour.fixture.ts';

const ISSUE_9047 = 'microsoft-graph-docs-contrib, issue 9047';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Of two customers of one mailbox. */
async function twoBase64Ids(): Promise<string[]> {
  const fake = await GraphFake.start({ idShape: 'base64' });
  try {
    const answers = [await create(fake), await create(fake)];
    return await Promise.all(answers.map(async (each) => String((await objectIn(each))['id'])));
  } finally {
    await fake.close();
  }
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
    graph: "Graph's ids can be 80 characters of Base64 instead",
    standing: 'observed',
    source: ISSUE_9047,
    shows: async () => {
      for (const id of await twoBase64Ids()) expect(id).toMatch(/^[A-Za-z\d+/]{79}=$/);
    },
  },
  {
    graph: 'Graph writes the mailbox and the customer into such an id',
    standing: 'inferred',
    source: `the one pair of ids in ${ISSUE_9047}`,
    shows: async () => {
      const [one, two] = (await twoBase64Ids()).map((id) => Buffer.from(id, 'base64'));
      expect(one?.subarray(4, 40).toString('ascii')).toMatch(GUID);
      expect(one?.subarray(0, 43)).toEqual(two?.subarray(0, 43));
      expect(one?.subarray(43)).not.toEqual(two?.subarray(43));
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
    graph: 'Graph says when a customer was created and changed',
    standing: 'inferred',
    source: `declared in ${SCHEMA}, not in the example of the ${CREATE_PAGE}`,
    shows: async (fake) => {
      const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
      expect(await objectIn(await create(fake))).toMatchObject({
        createdDateTime: time,
        lastUpdatedDateTime: time,
      });
    },
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
