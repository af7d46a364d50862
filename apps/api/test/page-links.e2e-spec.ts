import { describe, expect, it } from '@jest/globals';
import { QUERY_OPTIONS } from '@bookings/domain';
import fc from 'fast-check';
import { getPart, sendBatch, statusesOf } from './batch-requests.ts';
import { BUSINESS, customersPath, relativePath } from './documented.ts';
import { respond, resetAfter } from './faults.ts';
import { ADELE, createWithKey, newKey, useReconcilingStack } from './idempotent-requests.ts';

const stack = useReconcilingStack();

const QUERIES = [
  '$SkipToken=abc',
  '%24skiptoken=abc',
  '$Top=2&$skiptoken=a%2Fb%3d=',
  '%24TOP=2&$SKIPTOKEN=x',
  'page=2&$skiptoken=x',
  "$skiptoken=x&api-version=1&api-version=2&&x='(y)%zz",
  '$filter=displayName%20eq%20%27x%27&$DeltaToken=x&cursor',
];
const page = (link: string) => respond(200, { value: [], '@odata.nextLink': link });
const upstreamLink = (query: string, business = BUSINESS) =>
  `${stack.fake.graphUrl}/solutions/bookingBusinesses/${business}/customers?${query}`;
const lastQuery = () => (stack.fake.requests().requests.at(-1)?.path ?? '').replace(/^[^?]*\?/, '');

/** Reads a page with the link, and follows it. */
async function follow(query: string): Promise<void> {
  stack.fake.script([page(upstreamLink(query)), respond(200, { value: [] })]);
  const link = String((await stack.request('GET', customersPath())).body['@odata.nextLink']);
  expect(link.slice(link.indexOf('?') + 1)).toBe(query);
  const next = await stack.request('GET', link.slice(stack.url.length));
  expect(next.status).toBe(200);
}

describe('the query of a page link', () => {
  it.each(QUERIES)('comes back, and is accepted back, byte for byte: %s', async (query) => {
    await follow(query);
    // `fetch` encodes quotes.
    expect(lastQuery().replaceAll('%27', "'")).toBe(query.replaceAll('%27', "'"));
  });

  it.each(QUERIES)('is accepted in a batch byte for byte: %s', async (query) => {
    stack.fake.script([respond(200, { value: [] })]);
    const response = await sendBatch(stack, [getPart('1', `${relativePath()}?${query}`)]);
    expect(statusesOf(response)).toEqual([200]);
    expect(lastQuery()).toBe(query);
  });

  it('is accepted back for any parameters beside a token', async () => {
    const token = fc.constantFrom('$skiptoken', '$SkipToken', '%24skipToken', '%24DELTATOKEN');
    const names = QUERY_OPTIONS.map((option) => option.slice(1));
    const parameter = fc
      .tuple(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,9}$/), fc.string({ unit: 'grapheme' }))
      .filter(([name, value]) => !names.includes(name.toLowerCase()) && value.isWellFormed())
      .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("'", '%27')}`);
    await fc.assert(
      fc.asyncProperty(token, fc.array(parameter, { maxLength: 4 }), async (name, parameters) => {
        const query = [...parameters, `${name}=x`, ...parameters].join('&');
        await follow(query);
        expect(lastQuery()).toBe(query);
      }),
      { numRuns: 25 },
    );
  });

  it.each(QUERIES)('is followed by the lookup after a lost answer: %s', async (query) => {
    // A customer that another key has adopted is not taken again.
    const id = `found-${newKey()}`;
    const customer = { ...ADELE, id, createdDateTime: new Date().toISOString() };
    stack.fake.script([
      resetAfter(),
      page(upstreamLink(query)),
      respond(200, { value: [customer] }),
    ]);
    const response = await createWithKey(stack, newKey());
    expect([response.status, response.body['id']]).toEqual([201, id]);
    expect(lastQuery()).toBe(query);
  });

  it.each([
    ['$apply=x', '$apply is not supported'],
    ['top=1', 'write $top'],
    ['$Expand=a/b', '$expand must not contain'],
    ['%24FILTER=$root', '$filter must not contain'],
    ['$SkipToken=y', '$skiptoken appears twice'],
  ])('does not permit what is refused elsewhere: %s', async (option, why) => {
    const path = `?$skiptoken=x&page=2&${option}`;
    const alone = await stack.request('GET', `${customersPath()}${path}`);
    expect([alone.status, alone.error['message']]).toEqual([400, expect.stringContaining(why)]);
    const batch = await sendBatch(stack, [getPart('1', `${relativePath()}${path}`)]);
    expect(statusesOf(batch)).toEqual([400]);
    expect(stack.graphRequests).toBe(0);
  });

  it.each<[string, () => string]>([
    ['another business', () => upstreamLink('$skiptoken=x', 'other@contoso.com')],
    ['another host', () => upstreamLink('$skiptoken=x').replace('127.0.0.1', 'other.example')],
    ['another version', () => upstreamLink('$skiptoken=x').replace('/v1.0/', '/other/')],
    ['other resources', () => upstreamLink('$skiptoken=x').replace('/customers', '/other')],
  ])('does not make a link to %s valid', async (_title, link) => {
    stack.fake.script([page(link())]);
    const { status, text } = await stack.request('GET', customersPath());
    expect(status).toBe(502);
    expect(text).not.toContain('other');
  });
});

describe('a query option that is refused', () => {
  it.each<[string, string]>([
    ['$foo=1', '$foo is not supported'],
    ['%24a%0D%0Ab%E2%80%A8=1', '$a??b? is not supported'],
    ['$Top=1&%24top=2', '$top appears twice'],
  ])('is named safely: %s', async (query, why) => {
    for (const path of ['', '/x', '/$count']) {
      const { status, error } = await stack.request('GET', `${customersPath()}${path}?${query}`);
      expect([status, error['message']]).toEqual([400, expect.stringContaining(why)]);
    }
  });

  it('is named by writes, which take none', async () => {
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', '/x'],
      ['DELETE', '/x'],
    ] as const) {
      const options = method === 'DELETE' ? {} : { body: '{"displayName":"x"}' };
      const url = `${customersPath()}${path}?page=2&%24Select=id`;
      const { status, error } = await stack.request(method, url, options);
      const message = 'This operation takes no query options: leave out $Select.';
      expect([status, error['message']]).toEqual([400, message]);
    }
    expect(stack.graphRequests).toBe(0);
  });
});
