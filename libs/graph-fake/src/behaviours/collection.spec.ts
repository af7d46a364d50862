import { expect } from '@jest/globals';
import { create, customersPath, objectIn, refusalIn, send } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { type Behaviour, keeps } from './behaviour.fixture.ts';

const CAST = 'microsoft.graph.bookingCustomer';
const TYPE = { '@odata.type': `#${CAST}` };
const QUERY_PAGE = 'page "Use query parameters", of Graph as a whole';

/** The path of a customer that was created for it. */
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
    graph: 'Graph lists customers with their type, and says of what they are a list',
    standing: 'documented',
    source: 'v1.0 page "List customers"',
    shows: async (fake) => {
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
    graph: 'Graph counts customers as text',
    standing: 'documented',
    source: 'msgraph-sdk-powershell, openApiDocs/v1.0/Bookings.yml, which is generated',
    shows: async (fake) => {
      await customerPath(fake);
      const response = await ask(fake, 'GET', `${customersPath()}/$count`);
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(await response.text()).toBe('1');
    },
  },
  {
    graph: 'Graph gives one customer with the context of an entity',
    standing: 'documented',
    source: 'v1.0 page "Get bookingCustomer"',
    shows: async (fake) => {
      const response = await ask(fake, 'GET', await customerPath(fake));
      const context = expect.stringMatching(/\/customers\/\$entity$/);
      expect(await objectIn(response)).toMatchObject({ ...TYPE, '@odata.context': context });
    },
  },
  {
    graph: 'Graph answers an update with 200 and the customer as it is now',
    standing: 'documented',
    source: 'v1.0 page "Update bookingCustomer"',
    shows: async (fake) => {
      const changes = { displayName: 'Adele', emailAddress: 'adele@relecloud.com' };
      const path = await customerPath(fake);
      const response = await ask(fake, 'PATCH', path, { ...TYPE, ...changes });
      expect([response.status, await objectIn(response)]).toMatchObject([200, changes]);
    },
  },
  {
    graph: 'Graph answers a deletion with 204 and nothing',
    standing: 'documented',
    source: 'v1.0 page "Delete bookingCustomer"',
    shows: async (fake) => {
      const response = await ask(fake, 'DELETE', await customerPath(fake));
      expect([response.status, await response.text()]).toEqual([204, '']);
    },
  },
  {
    graph: 'Graph answers 404 to a customer that is not there, by whatever code',
    standing: 'inferred',
    source: 'microsoft-graph-docs-contrib, issue 9047, which says "not found" and no more',
    shows: async (fake) => {
      const response = await ask(fake, 'GET', `${customersPath()}/nobody`);
      expect((await refusalIn(response)).status).toBe(404);
    },
  },
  {
    graph: 'Graph lets an application that may only read update and delete',
    standing: 'documented',
    source: 'the tables of "Update" and "Delete bookingCustomer", after a misreading of their own',
    shows: async (fake) => {
      const path = await customerPath(fake);
      const held = { roles: ['Bookings.Read.All'] };
      expect((await ask(fake, 'PATCH', path, TYPE, held)).status).toBe(200);
      expect((await ask(fake, 'DELETE', path, '', held)).status).toBe(204);
    },
  },
  {
    graph: 'Graph lets a user who may only read neither update nor delete',
    standing: 'documented',
    source: 'the tables of "Update" and "Delete bookingCustomer"',
    shows: async (fake) => {
      const path = await customerPath(fake);
      const held = { scopes: ['Bookings.Read.All'] };
      expect((await ask(fake, 'PATCH', path, TYPE, held)).status).toBe(403);
      expect((await ask(fake, 'DELETE', path, '', held)).status).toBe(403);
    },
  },
  {
    graph: 'Graph hides a business from a user who is no member, as ErrorFolderNotFound',
    standing: 'observed',
    source: 'microsoft-graph-docs, issues 9850 and 15028',
    shows: async () => {
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
    graph: 'Graph gets a customer by a Base64 id and not by a GUID',
    standing: 'documented',
    source: 'v1.0 page "Get bookingCustomer", against its own example; a switch of the fake',
    shows: async () => {
      const fake = await GraphFake.start({ getNeedsBase64Id: true });
      try {
        expect((await ask(fake, 'GET', await customerPath(fake))).status).toBe(404);
      } finally {
        await fake.close();
      }
    },
  },
  {
    graph: 'Graph refuses a filter on a member of the derived type by its bare name',
    standing: 'inferred',
    source: 'answers/questions/1358557, of a sibling type',
    shows: async (fake) => {
      const filter = encodeURIComponent("emailAddress eq 'jonis@relecloud.com'");
      const response = await ask(fake, 'GET', `${customersPath()}?$filter=${filter}`);
      expect(await refusalIn(response)).toMatchObject({ status: 400, code: 'BadRequest' });
    },
  },
  {
    graph: 'Graph takes such a filter with a cast',
    standing: 'inferred',
    source: 'OData; nobody was seen to try it',
    shows: async (fake) => {
      await customerPath(fake);
      const filter = encodeURIComponent(`${CAST}/emailAddress eq 'jonis@relecloud.com'`);
      const response = await ask(fake, 'GET', `${customersPath()}?$filter=${filter}`);
      expect(await objectIn(response)).toMatchObject({ value: [{}] });
    },
  },
  {
    graph: 'Graph links from a page to the next, with what was asked of the first',
    standing: 'inferred',
    source: `${QUERY_PAGE}; of booking customers neither links nor sizes are published`,
    shows: async (fake) => {
      await customerPath(fake);
      await customerPath(fake);
      const response = await ask(fake, 'GET', `${customersPath()}?$top=1&$count=true`);
      expect((await objectIn(response))['@odata.nextLink']).toMatch(
        /\/customers\?\$top=1&\$count=true&\$skiptoken=\S+$/,
      );
    },
  },
  {
    graph: 'Graph refuses a query option that it does not take with ErrorInvalidRequest',
    standing: 'inferred',
    source: 'microsoft-graph-docs, issue 13076, of a calendar view',
    shows: async (fake) => {
      const response = await ask(fake, 'GET', `${customersPath()}?$expand=notes`);
      expect(await refusalIn(response)).toMatchObject({ status: 400, code: 'ErrorInvalidRequest' });
    },
  },
];

keeps('the fake of Graph, keeping the collection', BEHAVIOURS);
