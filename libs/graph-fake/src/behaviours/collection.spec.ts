import { expect } from '@jest/globals';
import { create, customersPath, objectIn, refusalIn, send } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { type Behaviour, describeBehaviours } from './behaviour.fixture.ts';

const CAST = 'microsoft.graph.bookingCustomer';
const TYPE = { '@odata.type': `#${CAST}` };
const QUERY_PAGE = 'page "Use query parameters", of Graph as a whole';

/** Creates a customer. @returns its path */
async function customerPath(fake: GraphFake): Promise<string> {
  const { id } = await objectIn(await create(fake, documented.request));
  return `${customersPath()}/${String(id)}`;
}

async function ask(
  fake: GraphFake,
  method: string,
  path: string,
  body: unknown = '',
  held: { readonly roles?: readonly string[]; readonly scopes?: readonly string[] } = {},
): Promise<Response> {
  return send(fake, body, { method, path, token: await fake.issueGraphToken(held) });
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph lists customers with their type and the context of the collection',
    evidence: 'documented',
    source: 'v1.0 page "List customers"',
    verify: async (fake) => {
      await customerPath(fake);
      const response = await ask(fake, 'GET', customersPath());
      expect([response.status, await objectIn(response)]).toMatchObject([
        200,
        {
          '@odata.context': expect.stringMatching(
            /\$metadata#bookingBusinesses\('.+'\)\/customers$/,
          ),
          value: [{ ...TYPE, displayName: 'Joni Sherman', phones: [{}, {}] }],
        },
      ]);
    },
  },
  {
    graph: 'Graph counts customers in plain text',
    evidence: 'documented',
    source: 'msgraph-sdk-powershell, openApiDocs/v1.0/Bookings.yml, which is generated',
    verify: async (fake) => {
      await customerPath(fake);
      const response = await ask(fake, 'GET', `${customersPath()}/$count`);
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(await response.text()).toBe('1');
    },
  },
  {
    graph: 'Graph returns one customer with the context of an entity',
    evidence: 'documented',
    source: 'v1.0 page "Get bookingCustomer"',
    verify: async (fake) => {
      const response = await ask(fake, 'GET', await customerPath(fake));
      const context = expect.stringMatching(/\/customers\/\$entity$/);
      expect(await objectIn(response)).toMatchObject({ ...TYPE, '@odata.context': context });
    },
  },
  {
    graph: 'Graph answers an update with 200 and the changed customer',
    evidence: 'documented',
    source: 'v1.0 page "Update bookingCustomer"',
    verify: async (fake) => {
      const changes = { displayName: 'Adele', emailAddress: 'adele@relecloud.com' };
      const path = await customerPath(fake);
      const response = await ask(fake, 'PATCH', path, { ...TYPE, ...changes });
      expect([response.status, await objectIn(response)]).toMatchObject([200, changes]);
    },
  },
  {
    graph: 'Graph answers a delete with 204 and an empty body',
    evidence: 'documented',
    source: 'v1.0 page "Delete bookingCustomer"',
    verify: async (fake) => {
      const response = await ask(fake, 'DELETE', await customerPath(fake));
      expect([response.status, await response.text()]).toEqual([204, '']);
    },
  },
  {
    graph: 'Graph answers a missing customer with 404',
    evidence: 'inferred',
    source: 'microsoft-graph-docs-contrib, issue 9047, which says "not found" and no more',
    verify: async (fake) => {
      const response = await ask(fake, 'GET', `${customersPath()}/missing`);
      expect((await refusalIn(response)).status).toBe(404);
    },
  },
  {
    graph: 'Graph allows an application with a permission to read to update and delete',
    evidence: 'documented',
    source: 'the tables of "Update" and "Delete bookingCustomer", after a misreading of their own',
    verify: async (fake) => {
      const path = await customerPath(fake);
      const held = { roles: ['Bookings.Read.All'] };
      expect((await ask(fake, 'PATCH', path, TYPE, held)).status).toBe(200);
      expect((await ask(fake, 'DELETE', path, '', held)).status).toBe(204);
    },
  },
  {
    graph: 'Graph refuses updates and deletes of a user with a permission to read',
    evidence: 'documented',
    source: 'the tables of "Update" and "Delete bookingCustomer"',
    verify: async (fake) => {
      const path = await customerPath(fake);
      const held = { scopes: ['Bookings.Read.All'] };
      expect((await ask(fake, 'PATCH', path, TYPE, held)).status).toBe(403);
      expect((await ask(fake, 'DELETE', path, '', held)).status).toBe(403);
    },
  },
  {
    graph: 'Graph answers a user who is not a member with ErrorFolderNotFound',
    evidence: 'observed',
    source: 'microsoft-graph-docs, issues 9850 and 15028',
    verify: async () => {
      const fake = await GraphFake.start({ members: { [documented.business]: [] } });
      try {
        const held = { scopes: ['Bookings.Read.All'] };
        expect(await refusalIn(await ask(fake, 'GET', customersPath(), '', held))).toMatchObject({
          code: 'ErrorFolderNotFound',
          message: 'The specified folder could not be found in the store.',
        });
      } finally {
        await fake.close();
      }
    },
  },
  {
    graph: 'Graph refuses a filter on a member of the derived type by its bare name',
    evidence: 'inferred',
    source: 'answers/questions/1358557, of a sibling type',
    verify: async (fake) => {
      const filter = encodeURIComponent("emailAddress eq 'jonis@relecloud.com'");
      const response = await ask(fake, 'GET', `${customersPath()}?$filter=${filter}`);
      expect(await refusalIn(response)).toMatchObject({ status: 400, code: 'BadRequest' });
    },
  },
  {
    graph: 'Graph accepts such a filter with a cast',
    evidence: 'inferred',
    source: 'OData; never observed',
    verify: async (fake) => {
      await customerPath(fake);
      const filter = encodeURIComponent(`${CAST}/emailAddress eq 'jonis@relecloud.com'`);
      const response = await ask(fake, 'GET', `${customersPath()}?$filter=${filter}`);
      expect(await objectIn(response)).toMatchObject({ value: [{}] });
    },
  },
  {
    graph: 'Graph links to the next page with the options of the first request',
    evidence: 'inferred',
    source: `${QUERY_PAGE}; of booking customers neither links nor sizes are published`,
    verify: async (fake) => {
      await customerPath(fake);
      await customerPath(fake);
      const response = await ask(fake, 'GET', `${customersPath()}?$top=1&$count=true`);
      expect((await objectIn(response))['@odata.nextLink']).toMatch(
        /\/customers\?\$top=1&\$count=true&\$skiptoken=\S+$/,
      );
    },
  },
  {
    graph: 'Graph refuses an unsupported query option with ErrorInvalidRequest',
    evidence: 'inferred',
    source: 'microsoft-graph-docs, issue 13076, of a calendar view',
    verify: async (fake) => {
      const response = await ask(fake, 'GET', `${customersPath()}?$expand=notes`);
      expect(await refusalIn(response)).toMatchObject({ status: 400, code: 'ErrorInvalidRequest' });
    },
  },
];

describeBehaviours('the fake of Graph, keeping the collection', BEHAVIOURS);
