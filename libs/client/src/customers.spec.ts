import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BookingsClient } from './index.ts';
import { JONI, respondWith, client, errorOf, service } from './service.fixture.ts';

const ROOT = '/v1.0/solutions/bookingBusinesses/b/customers';
const customer = { id: 'x', ...JONI };
type Call = (client: BookingsClient) => Promise<unknown>;

const CAST = 'microsoft.graph.bookingCustomer%2F';
const METHODS: readonly (readonly [string, Call, string, string, number, unknown, unknown])[] = [
  [
    'getCustomer',
    (c) => c.getCustomer('b', 'a/b'),
    'GET',
    `${ROOT}/a%2Fb`,
    200,
    customer,
    customer,
  ],
  [
    'updateCustomer',
    (c) => c.updateCustomer('b', 'x', { emailAddress: null }),
    'PATCH',
    `${ROOT}/x`,
    200,
    customer,
    customer,
  ],
  ['deleteCustomer', (c) => c.deleteCustomer('b', 'x'), 'DELETE', `${ROOT}/x`, 204, '', undefined],
  ['countCustomers', (c) => c.countCustomers('b'), 'GET', `${ROOT}/$count`, 200, '12', 12],
  [
    'countCustomers',
    (c) => c.countCustomers('b', { filter: "a eq '&'" }),
    'GET',
    `${ROOT}/$count?$filter=a%20eq%20%27%26%27`,
    200,
    '\uFEFF0',
    0,
  ],
  [
    'listCustomers',
    (c) => c.listCustomers('b'),
    'GET',
    ROOT,
    200,
    { value: [customer] },
    { customers: [customer] },
  ],
  [
    'listCustomers',
    (c) => c.listCustomers('b', { top: 2, skip: 0 }),
    'GET',
    `${ROOT}?$top=2&$skip=0`,
    200,
    { value: [] },
    { customers: [] },
  ],
  [
    'listCustomers',
    (c) => c.listCustomers('b', { select: ['displayName', 'id', 'emailAddress'] }),
    'GET',
    `${ROOT}?$select=id%2C${CAST}displayName%2C${CAST}emailAddress`,
    200,
    { value: [{ id: 'x', displayName: 'Joni Sherman', emailAddress: null }] },
    { customers: [{ id: 'x', displayName: 'Joni Sherman', emailAddress: null }] },
  ],
];

describe('the other operations', () => {
  it.each(METHODS)('%s is one request', async (_name, call, method, url, status, body, result) => {
    const { url: base, seen } = await service(respondWith(status, body));
    expect(await call(client(base))).toEqual(result);
    expect(seen).toMatchObject([{ method, url, headers: { authorization: 'Bearer token' } }]);
    expect(seen[0]?.body).toBe(method === 'PATCH' ? '{"emailAddress":null}' : '');
    expect(seen[0]?.headers['content-type']).toBe(
      method === 'PATCH' ? 'application/json' : undefined,
    );
  });

  it.each(METHODS)('%s throws the error of the API', async (_name, call, method) => {
    const error = { code: 'ErrorItemNotFound', message: 'Gone.' };
    const { url } = await service(respondWith(404, { error }));
    const thrown = await errorOf(call(client(url)));
    expect(thrown).toMatchObject({ status: 404, ...error, outcome: undefined });
    const lost = await service((request) => request.socket.destroy());
    expect(await errorOf(call(client(lost.url)))).toMatchObject({
      code: 'ConnectionFailed',
      outcome: method === 'GET' ? undefined : 'unknown',
    });
    const broken = await service(respondWith(500, 'x'));
    expect(await errorOf(call(client(broken.url)))).toMatchObject({
      status: 500,
      outcome: method === 'GET' ? undefined : 'unknown',
    });
    expect([lost.seen.length, broken.seen.length]).toEqual([1, 1]);
  });

  it.each(METHODS.filter(([name]) => name !== 'deleteCustomer'))(
    '%s throws when the response is not what it should be',
    async (_name, call, method) => {
      for (const body of ['', '[]', '{}', 'x', { value: [{}] }, { id: '' }]) {
        const { url } = await service(respondWith(200, body));
        const outcome = method === 'GET' ? undefined : 'unknown';
        expect(await errorOf(call(client(url)))).toMatchObject({ code: 'UnknownError', outcome });
      }
    },
  );

  it('send If-Match in writes', async () => {
    const { url, seen } = await service(respondWith(412, { error: { code: 'x', message: 'y' } }));
    const options = { ifMatch: 'W/"1"' };
    await errorOf(client(url).updateCustomer('b', 'x', JONI, options));
    await errorOf(client(url).deleteCustomer('b', 'x', options));
    expect(seen.map(({ headers }) => headers['if-match'])).toEqual(['W/"1"', 'W/"1"']);
  });

  it.each(['', '.', '..', '$count', '\ud800'])('refuse the customer id %j', async (id) => {
    const { url, seen } = await service(respondWith(200, customer));
    await expect(client(url).getCustomer('b', id)).rejects.toThrow(/^customerId must/);
    await expect(client(url).deleteCustomer(id, 'x')).rejects.toThrow(/^businessId must/);
    expect(seen).toEqual([]);
  });

  it.each([-1, 1.5, NaN, Infinity])('refuse a page size of %d', async (top) => {
    const { url, seen } = await service(respondWith(200, { value: [] }));
    await expect(client(url).listCustomers('b', { top })).rejects.toThrow(/^top must/);
    expect(seen).toEqual([]);
  });

  it('send any value of an option unchanged', async () => {
    const { url, seen } = await service(respondWith(200, { value: [] }));
    const values = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(values, values, async (filter, orderby) => {
        await client(url).listCustomers('b', { filter, orderby });
        const asked = new URL(seen.at(-1)?.url ?? '', url);
        expect(asked.pathname).toBe(ROOT);
        expect([...asked.searchParams]).toEqual([
          ['$filter', filter],
          ['$orderby', orderby],
        ]);
      }),
    );
  });
});

describe('pages', () => {
  /** Serves three pages of two customers. */
  const paged = async () => {
    const { url, seen } = await service((request, response) => {
      const at = Number(new URL(request.url ?? '', url).searchParams.get('$skiptoken') ?? '0');
      const value = [1, 2].map((n) => ({ id: String(at * 2 + n) }));
      const next = at < 2 && { '@odata.nextLink': `${url}${ROOT}?$skiptoken=${at + 1}` };
      respondWith(200, { value, ...next })(request, response);
    });
    return { url, seen };
  };

  it('are requested one after the other when their customers are needed', async () => {
    const { url, seen } = await paged();
    const ids: string[] = [];
    for await (const { id } of client(url).customers('b')) {
      ids.push(id);
      expect(seen).toHaveLength(Math.ceil(ids.length / 2));
    }
    expect(ids).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(seen).toHaveLength(3);
  });

  it('are not requested after the iteration stops', async () => {
    const { url, seen } = await paged();
    for await (const { id } of client(url).customers('b')) if (id === '2') break;
    expect(seen).toHaveLength(1);
  });

  it('in a cycle end with an error', async () => {
    const { url, seen } = await service((request, response) => {
      respondWith(200, { value: [], '@odata.nextLink': `${url}${ROOT}?$skiptoken=1` })(
        request,
        response,
      );
    });
    await expect(client(url).customers('b').next()).rejects.toThrow(/leads back/);
    expect(seen).toHaveLength(2);
  });

  it.each([
    'https://evil.example/v1.0/solutions/bookingBusinesses/b/customers',
    'http://127.0.0.1:1/v1.0/solutions/bookingBusinesses/b/customers',
    '/v1.0/solutions/bookingBusinesses/b/customers',
    'nonsense',
  ])('at another address get no token: %s', async (nextLink) => {
    const { url, seen } = await service(respondWith(200, { value: [] }));
    await expect(client(url).nextPage(nextLink)).rejects.toThrow(/does not lead to baseUrl/);
    await expect(client(url).nextPage(`${url}/metrics`)).rejects.toThrow(TypeError);
    await expect(client(url).nextPage(`${url}${ROOT}/../../../../metrics`)).rejects.toThrow(
      TypeError,
    );
    expect(seen).toEqual([]);
  });
});
