import { describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import type { Fault } from '@bookings/graph-fake';
import { checkCase, readers, refusedCallers, refusedOptions, repeated } from './cases.ts';
import { BUSINESS, customersPath } from './documented.ts';
import { graphError } from './faults.ts';
import { useStack } from './stack.ts';

const PREFIX = 'https://bookings.contoso.com/proxy';
const stack = useStack({ PUBLIC_BASE_URL: PREFIX }, { pageSize: 2 });

const links = (value: string, name = '@odata.nextLink'): Fault => ({
  kind: 'status',
  status: 200,
  body: { value: [], [name]: value },
});

describe('GET customers', () => {
  it('returns pages whose links point to the proxy', async () => {
    for (let made = 0; made < 5; made += 1) await stack.create();
    const ids: unknown[] = [];
    let path: string | undefined = `${customersPath()}?$select=id`;
    let pages = 0;
    while (path !== undefined) {
      const { status, body } = await stack.request('GET', path);
      expect(status).toBe(200);
      const { value, '@odata.nextLink': next } = body;
      if (Array.isArray(value)) ids.push(...value.filter(isObject));
      pages += 1;
      path = typeof next === 'string' ? next : undefined;
      if (path === undefined) continue;
      expect(path.startsWith(`${PREFIX}/v1.0/solutions/bookingBusinesses/`)).toBe(true);
      path = path.slice(PREFIX.length);
    }
    expect(pages).toBe(3);
    const known = stack.fake.customers(BUSINESS).map(({ id }) => id);
    expect(ids).toEqual(known.map((id): unknown => expect.objectContaining({ id })));
  });

  it.each([
    ['as a whole', 500],
    ['as a stream', 3000],
    ['as a stream with backpressure', 70_000],
  ])('returns a page unchanged, and its length for HEAD, %s', async (_title, length) => {
    const value = Array.from({ length }, (_none, id) => ({
      id: `${id}`,
      text: 'é€😀'.repeat(9),
    }));
    const upstream = `${stack.fake.url}/v1.0/solutions/bookingBusinesses/${BUSINESS}/customers`;
    const page = (collection: string) => ({
      '@odata.nextLink': `${collection}?$skiptoken=x`,
      value,
    });
    const body = page(upstream);
    const large: Fault = { kind: 'status', status: 200, body };
    stack.fake.script([large, large]);
    const got = await stack.request('GET', customersPath());
    expect(got.text).toBe(JSON.stringify(page(`${PREFIX}${customersPath().replace('@', '%40')}`)));
    expect(got.headers.get('content-length')).toBe(`${Buffer.byteLength(got.text)}`);
    const head = await stack.request('HEAD', customersPath());
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'));
    // The connection is still usable.
    expect((await stack.create()).status).toBe(201);
  });

  it.each([...refusedCallers(''), ...readers(''), ...refusedOptions(''), ...repeated('', 200)])(
    'handles %s',
    async (_title, given) => {
      await checkCase(stack, 'GET', given);
    },
  );

  it.each([
    ['?$top=1', '?$top=1'],
    ['?$count=true&$skip=0', '?$count=true&$skip=0'],
    ['?%24top=1&api-version=2', '?%24top=1'],
    ['?$Top=1&page=2&$SKIP=0', '?$Top=1&$SKIP=0'],
    ["?$filter=microsoft.graph.bookingCustomer/displayName eq 'x%26$top=1'", undefined],
    ['/', ''],
  ])('for the query %s sends Graph the query %s', async (path, graphPath) => {
    await checkCase(stack, 'GET', {
      path,
      status: 200,
      ...(graphPath !== undefined && { graphPath }),
    });
  });

  it.each(['$orderby', '$search', '$expand'])(
    'leaves the refusal of %s to Graph',
    async (option) => {
      const path = `?${option}=x`;
      const { error } = await checkCase(stack, 'GET', {
        path,
        faults: [{ kind: 'status', status: 400, body: { error: { code: 'No', message: 'No.' } } }],
        status: 400,
        code: 'No',
        graphPath: path,
      });
      expect(error['message']).toBe('No.');
    },
  );

  it('rewrites a delta link and accepts it', async () => {
    const link = `${stack.fake.graphUrl}/solutions/bookingBusinesses/${BUSINESS}/customers?$deltatoken=d`;
    const faults = [links(link, '@odata.deltaLink')];
    const { body } = await checkCase(stack, 'GET', { faults, status: 200 });
    expect(body['@odata.deltaLink']).toBe(
      `${PREFIX}${customersPath(encodeURIComponent(BUSINESS))}?$deltatoken=d`,
    );
    const graphPath = '?$deltatoken=d';
    await checkCase(stack, 'GET', {
      path: graphPath,
      faults: [links(link, 'x')],
      status: 200,
      graphPath,
    });
  });

  it.each([
    'https://evil.example/v1.0/solutions/bookingBusinesses/b/customers?$skiptoken=x',
    '//evil.example/v1.0/solutions/bookingBusinesses/b/customers?$skiptoken=x',
    'nonsense',
  ])('returns 502 for a link to %s', async (link) => {
    const refused = { status: 502, code: 'BadGateway' };
    const { text } = await checkCase(stack, 'GET', { faults: [links(link)], ...refused });
    expect(text).not.toContain('evil');
  });

  it.each<[string, Fault]>([
    ['a body without a list', { kind: 'status', status: 200, body: { value: 'x' } }],
    [
      'a body that is not JSON',
      { kind: 'status', status: 200, body: '[', contentType: 'text/plain' },
    ],
    ['a redirect', { kind: 'status', status: 302, headers: { Location: 'https://evil.example' } }],
    ['more than 8 MiB', { kind: 'endless' }],
    [
      'an error of more than 1 MiB',
      { kind: 'status', status: 400, body: graphError('x', 'y'.repeat(1_100_000)) },
    ],
  ])('returns 502 for %s', async (_title, fault) => {
    await checkCase(stack, 'GET', { faults: [fault], status: 502, code: 'BadGateway' });
  });
});
