import { expect } from '@jest/globals';
import { create, customersPath, objectIn, send } from '../client.fixture.ts';
import { otherShape } from '../customer-id.ts';
import { documented } from '../documented-example.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import type { GraphFakeOptions } from '../graph-fake-options.ts';
import { type Behaviour, CREATE_PAGE, describeBehaviours } from './behaviour.fixture.ts';

const ISSUE_9047 = 'microsoft-graph-docs-contrib, issue 9047';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The ids of two customers of one mailbox. */
async function twoBase64Ids(): Promise<string[]> {
  const fake = await GraphFake.start({ idShape: 'base64' });
  try {
    const responses = [await create(fake), await create(fake)];
    return await Promise.all(responses.map(async (each) => String((await objectIn(each))['id'])));
  } finally {
    await fake.close();
  }
}

/** The statuses of Get by a GUID and by the id in Base64 of one customer. */
async function statusesOfBothIds(options: GraphFakeOptions): Promise<number[]> {
  const fake = await GraphFake.start({ ...options, idShape: 'base64' });
  try {
    const { id } = fake.add(documented.business, { displayName: 'Joni' });
    const mailbox = Buffer.from(id, 'base64').subarray(4, 40).toString('ascii');
    const ids = [otherShape(mailbox, id) ?? '', id];
    const paths = ids.map((each) => `${customersPath()}/${encodeURIComponent(each)}`);
    return await Promise.all(paths.map(async (path) => (await get(fake, path)).status));
  } finally {
    await fake.close();
  }
}

async function get(fake: GraphFake, path: string): Promise<Response> {
  return send(fake, '', { method: 'GET', path, token: await fake.issueGraphToken() });
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph uses a GUID as the id of a customer',
    evidence: 'documented',
    source: `the example of the ${CREATE_PAGE}`,
    verify: async (fake) => {
      expect((await objectIn(await create(fake)))['id']).toMatch(GUID);
    },
  },
  {
    graph: "Graph's ids can be 80 characters of Base64 instead",
    evidence: 'observed',
    source: ISSUE_9047,
    verify: async () => {
      for (const id of await twoBase64Ids()) expect(id).toMatch(/^[A-Za-z\d+/]{79}=$/);
    },
  },
  {
    graph: 'Graph encodes the mailbox and the customer in a Base64 id',
    evidence: 'inferred',
    source: `the one pair of ids in ${ISSUE_9047}`,
    verify: async () => {
      const [one, two] = (await twoBase64Ids()).map((id) => Buffer.from(id, 'base64'));
      expect(one?.subarray(4, 40).toString('ascii')).toMatch(GUID);
      expect(one?.subarray(0, 43)).toEqual(two?.subarray(0, 43));
      expect(one?.subarray(43)).not.toEqual(two?.subarray(43));
    },
  },
  {
    graph: 'Graph finds a customer by its GUID and by its id in Base64',
    evidence: 'inferred',
    source: `${ISSUE_9047}, where both ids have the same GUID; the examples of the pages`,
    verify: async () => {
      expect(await statusesOfBothIds({})).toEqual([200, 200]);
    },
  },
  {
    graph: 'Graph finds a customer by an id in Base64 and not by a GUID',
    evidence: 'documented',
    source: 'v1.0 page "Get bookingCustomer", against its own example; a switch of the fake',
    verify: async () => {
      expect(await statusesOfBothIds({ getNeedsBase64Id: true })).toEqual([404, 200]);
    },
  },
];

describeBehaviours('the fake of Graph, naming customers', BEHAVIOURS);
