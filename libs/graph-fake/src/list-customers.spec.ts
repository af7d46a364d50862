import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { create, customersPath, minimal, objectIn, refusalIn, send } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';
import { isRecord } from './record-reader.ts';

const CAST = 'microsoft.graph.bookingCustomer';

interface Page {
  readonly names: readonly unknown[];
  readonly next: string | undefined;
  readonly body: Record<string, unknown>;
}

describe('the list of customers', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start({ pageSize: 3 });
  });
  beforeEach(() => {
    fake.forget();
  });
  afterAll(() => fake.close());

  async function fill(count: number): Promise<string[]> {
    const names = Array.from({ length: count }, (_, index) => `Customer ${index}`);
    for (const displayName of names) await create(fake, { ...minimal, displayName });
    return names;
  }

  const get = async (path: string): Promise<Response> =>
    send(fake, '', { method: 'GET', path, token: await fake.issueGraphToken() });

  async function page(query = '', path = customersPath()): Promise<Page> {
    const response = await get(`${path}${query}`);
    expect(response.status).toBe(200);
    const body = await objectIn(response);
    const value: unknown[] = Array.isArray(body['value']) ? body['value'] : [];
    const next = body['@odata.nextLink'];
    return {
      names: value.map((each) => (isRecord(each) ? each['displayName'] : each)),
      next: typeof next === 'string' ? next : undefined,
      body,
    };
  }

  /** Follows the links to the last page without changing them. */
  async function pages(query = ''): Promise<Page[]> {
    const all = [await page(query)];
    for (;;) {
      const next = all.at(-1)?.next;
      if (next === undefined) return all;
      expect(next.startsWith(`${fake.graphUrl}/`)).toBe(true);
      all.push(await page('', next.slice(fake.graphUrl.length)));
    }
  }

  it('is empty for a business without customers', async () => {
    const { body } = await page();
    expect(body).toEqual({
      '@odata.context': `${fake.graphUrl}/solutions/$metadata#bookingBusinesses('Contosolunchdelivery%40contoso.onmicrosoft.com')/customers`,
      value: [],
    });
  });

  it('has every customer as stored, with its type and without a context', async () => {
    await create(fake, documented.request);
    const [customer] = fake.customers(documented.business);
    const { body } = await page();
    expect(body['value']).toEqual([{ '@odata.type': `#${CAST}`, ...customer }]);
  });

  it.each([0, 1, 2, 3, 4, 6, 7])('of %i comes in pages of 3, each customer once', async (count) => {
    const names = await fill(count);
    const all = await pages();
    expect(all.flatMap((each) => each.names)).toEqual(names);
    expect(all).toHaveLength(Math.max(1, Math.ceil(count / 3)));
  });

  it('continues at the same position after an earlier customer was deleted', async () => {
    const names = await fill(5);
    const first = await page();
    const [, , third] = fake.customers(documented.business);
    const token = await fake.issueGraphToken();
    const path = `${customersPath()}/${third?.id ?? ''}`;
    expect((await send(fake, '', { method: 'DELETE', path, token })).status).toBe(204);
    const second = await page('', first.next?.slice(fake.graphUrl.length));
    expect(second.names).toEqual(names.slice(3));
  });

  it('supports $top, $skip and $count', async () => {
    const names = await fill(7);
    const all = await pages('?$top=2&$skip=1&$count=true');
    expect(all.map((each) => each.names)).toEqual([
      names.slice(1, 3),
      names.slice(3, 5),
      names.slice(5, 7),
    ]);
    expect(all.map(({ body }) => body['@odata.count'])).toEqual([7, 7, 7]);
  });

  it('has every customer once with any page size and any $skip', async () => {
    const names = await fill(6);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat({ max: 8 }), async (top, skip) => {
        const all = await pages(`?$top=${top}&$skip=${skip}`);
        expect(all.flatMap((each) => each.names)).toEqual(names.slice(skip));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [`${CAST}/displayName eq 'O''Brien'`, ["O'Brien"]],
    [`${CAST}/emailAddress eq 'b@contoso.com'`, ['Bob']],
    [`${CAST}/emailAddress eq 'B@contoso.com'`, []],
  ])('is filtered by %s', async (filter, names) => {
    await create(fake, { ...minimal, displayName: "O'Brien", emailAddress: 'a@contoso.com' });
    await create(fake, { ...minimal, displayName: 'Bob', emailAddress: 'b@contoso.com' });
    const query = `?$filter=${encodeURIComponent(filter)}`;
    expect((await page(query)).names).toEqual(names);
    const count = await get(`${customersPath()}/$count${query}`);
    expect(await count.text()).toBe(String(names.length));
  });

  it('has the selected members', async () => {
    await create(fake, documented.request);
    const { body } = await page(`?$select=id,${CAST}/displayName`);
    const [customer] = fake.customers(documented.business);
    const { id, displayName } = customer ?? {};
    expect(body['value']).toEqual([{ '@odata.type': `#${CAST}`, id, displayName }]);
  });

  it.each([
    '$top=0',
    '$top=1000',
    '$top=-1',
    '$top=ten',
    '$skip=-1',
    '$count=yes',
    '$count=true&$count=true',
    '$skiptoken=x',
    '$select=displayName',
    '$select=surname',
    '$orderby=id',
    '$search=x',
    '$expand=x',
    '$apply=x',
  ])('refuses %s', async (query) => {
    expect(await refusalIn(await get(`${customersPath()}?${query}`))).toMatchObject({
      status: 400,
      code: 'ErrorInvalidRequest',
    });
  });

  it.each([`emailAddress eq 'a@b.com'`, `${CAST}/phones eq 'x'`, `${CAST}/displayName ne 'x'`])(
    'refuses the filter %s',
    async (filter) => {
      const response = await get(`${customersPath()}?$filter=${encodeURIComponent(filter)}`);
      expect(await refusalIn(response)).toMatchObject({ status: 400, code: 'BadRequest' });
    },
  );

  it('ignores parameters that are not OData options', async () => {
    const names = await fill(1);
    expect((await page('?top=0&x=y')).names).toEqual(names);
  });

  it('is counted in plain text', async () => {
    await fill(4);
    for (const count of ['$count', '%24count']) {
      const response = await get(`${customersPath()}/${count}`);
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect([response.status, await response.text()]).toEqual([200, '4']);
    }
  });

  it('requires a permission to read', async () => {
    for (const path of [customersPath(), `${customersPath()}/$count`]) {
      const read = await fake.issueGraphToken({ scopes: ['Bookings.Read.All'] });
      const none = await fake.issueGraphToken({ scopes: ['User.Read'] });
      const statuses = [read, none].map(async (token) => {
        const { status } = await send(fake, '', { method: 'GET', path, token });
        return status;
      });
      expect(await Promise.all(statuses)).toEqual([200, 403]);
    }
  });

  it('of ten thousand customers has each of them once, in pages of a hundred', async () => {
    const large = await GraphFake.start({ pageSize: 100, limitPerMailbox: 100 });
    try {
      const token = await large.issueGraphToken();
      for (let each = 0; each < 10_000; each += 100) {
        const creates = Array.from({ length: 100 }, () => send(large, minimal, { token }));
        for (const response of await Promise.all(creates)) await response.arrayBuffer();
      }
      let path = customersPath();
      let seen = 0;
      while (path !== '') {
        const body = await objectIn(await send(large, '', { method: 'GET', path, token }));
        seen += Array.isArray(body['value']) ? body['value'].length : 0;
        const next = body['@odata.nextLink'];
        path = typeof next === 'string' ? next.slice(large.graphUrl.length) : '';
      }
      expect(seen).toBe(10_000);
    } finally {
      await large.close();
    }
  });
});
