import { describe, expect, it } from '@jest/globals';
import { GraphError, isObject } from '@bookings/domain';
import fc from 'fast-check';
import { rewriteLinks } from './page-links.ts';

const UPSTREAM = 'https://graph.microsoft.com/v1.0/';
const PROXY_URL =
  'https://proxy.contoso.com/bookings/v1.0/solutions/bookingBusinesses/b%40c.com/customers';
const COLLECTION = `${UPSTREAM}solutions/bookingBusinesses/b@c.com/customers`;
const TARGETS = { upstreamUrl: UPSTREAM, business: 'b@c.com', collectionUrl: PROXY_URL };

function rewrittenPage(json: string): string {
  const page: unknown = JSON.parse(json);
  if (!isObject(page)) throw new TypeError('A page must be an object.');
  return rewriteLinks(Buffer.from(json), page, TARGETS, undefined).toString();
}

function rewrittenLink(link: string): string {
  const page: unknown = JSON.parse(
    rewrittenPage(JSON.stringify({ value: [], '@odata.nextLink': link })),
  );
  return isObject(page) ? String(page['@odata.nextLink']) : '';
}

describe('rewriteLinks', () => {
  it.each([
    [`${COLLECTION}?$skiptoken=abc`, '$skiptoken=abc'],
    [`${COLLECTION}?$top=2&$skiptoken=a%2Fb%3D%3D`, '$top=2&$skiptoken=a%2Fb%3D%3D'],
    [`${COLLECTION}?%24skiptoken=abc`, '%24skiptoken=abc'],
    [
      `${COLLECTION}?$Top=2&$SkipToken='a b'&x=%zz&x&&%20$top#part?`,
      `$Top=2&$SkipToken='a b'&x=%zz&x&&%20$top`,
    ],
    [`${COLLECTION}?$apply=x&$apply=$root`, '$apply=x&$apply=$root'],
    [
      `${UPSTREAM}solutions/bookingBusinesses(%27B%40c.com%27)/customers?$skiptoken=x`,
      '$skiptoken=x',
    ],
    [`${UPSTREAM}solutions/bookingBusinesses/B%40C.com/customers?$skiptoken=x`, '$skiptoken=x'],
    [`${UPSTREAM}solutions/bookingBusinesses('b@c.com')/customers?$skiptoken=x`, '$skiptoken=x'],
    [`${UPSTREAM}Solutions/BookingBusinesses/b@c.com/Customers/?$skip=100`, '$skip=100'],
    [
      `HTTPS://Graph.Microsoft.com:443/V1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1`,
      '$skip=1',
    ],
  ])('rewrites %s', (link, query) => {
    expect(rewrittenLink(link)).toBe(`${PROXY_URL}?${query}`);
  });

  it.each([
    'https://evil.example/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skiptoken=x',
    'https://graph.microsoft.com.evil.example/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    'https://graph.microsoft.com@evil.example/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    'https://user@graph.microsoft.com/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    'http://graph.microsoft.com/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    'https://graph.microsoft.com:444/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    'https://graph.microsoft.com/beta/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    `${UPSTREAM}../beta/solutions/bookingBusinesses/b@c.com/customers?$skip=1`,
    `${UPSTREAM}solutions/bookingBusinesses/b@c.com/customers/../../../users?$skip=1`,
    `${UPSTREAM}solutions/bookingBusinesses/b@c.com/staffMembers?$skip=1`,
    `${UPSTREAM}users?$skip=1`,
    COLLECTION,
    `${COLLECTION}?`,
    `${COLLECTION}#?$skiptoken=x`,
    `${UPSTREAM}solutions/bookingBusinesses/other@c.com/customers?$skiptoken=x`,
    `${UPSTREAM}solutions/bookingBusinesses('other@c.com')/customers?$skiptoken=x`,
    `${UPSTREAM}solutions/bookingBusinesses/b%2540c.com/customers?$skiptoken=x`,
    `${UPSTREAM}solutions/bookingBusinesses/%ff/customers?$skiptoken=x`,
    '/v1.0/solutions/bookingBusinesses/b@c.com/customers?$skip=1',
    'javascript:alert(1)',
    '',
  ])('refuses %s', (link) => {
    expect(() => rewrittenLink(link)).toThrow(
      expect.objectContaining({ code: 'BadGateway', status: 502 }),
    );
    expect(() => rewrittenLink(link)).toThrow(GraphError);
  });

  it('keeps any query byte for byte', () => {
    const query = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('#'));
    fc.assert(
      fc.property(query, (text) => {
        fc.pre(text.isWellFormed());
        expect(rewrittenLink(`${COLLECTION}?${text}`)).toBe(`${PROXY_URL}?${text}`);
      }),
    );
  });

  it('changes no other byte of the page', () => {
    const before = '\n{ "@odata.context" : "x", "value" : [ {"n":1.0e2, "é": "\\u00e9"} ],';
    const link = (url: string) => ` "@odata.deltaLink" :\t"${url}" }\n`;
    expect(rewrittenPage(before + link(`${COLLECTION}?$deltatoken=d`))).toBe(
      before + link(`${PROXY_URL}?$deltatoken=d`),
    );
  });

  it('keeps a page without links unchanged', () => {
    const json = '{"value":[1, 2],"n":1.0}';
    expect(rewrittenPage(json)).toBe(json);
  });

  const LINK = `${COLLECTION}?$skiptoken=$&a`;
  const REWRITTEN = `${PROXY_URL}?$skiptoken=$&a`.replace('&a', '%26a');
  const escaped = (link: string) => `"${link.replaceAll('/', '\\/')}"`;
  it.each<[string, string]>([
    ['two links', `{"@odata.nextLink":"L","value":[],"@odata.deltaLink":"L"}`],
    ['a name that equals the link', `{"value":[{"displayName":"L"}],"@odata.nextLink":"L"}`],
    [
      'a customer with a link property',
      `{"value":[{"@odata.nextLink":"L"}],"@odata.nextLink":"L"}`,
    ],
    ['a link with escapes', `{"value":[{"displayName":"x"}],"@odata.nextLink":E}`],
    [
      'a link with escapes, and a name without',
      `{"value":[{"displayName":"L"}],"@odata.nextLink":E}`,
    ],
    [
      'a property name with escapes, and a customer with one without',
      `{"value":[{"@odata.nextLink":"L"}],"@odata.next\\u004cink":E}`,
    ],
    [
      'the link twice',
      `{"@odata.nextLink":"${COLLECTION}?$skip=1","value":[],"@odata.nextLink":"L"}`,
    ],
  ])('changes only the links of the page: %s', (_title, template) => {
    const link = LINK.replace('&a', '%26a');
    const json = template.replaceAll('"L"', JSON.stringify(link)).replaceAll('E', escaped(link));
    const expected: unknown = JSON.parse(json);
    if (isObject(expected)) {
      for (const name of ['@odata.nextLink', '@odata.deltaLink']) {
        if (name in expected) expected[name] = REWRITTEN;
      }
    }
    expect(JSON.parse(rewrittenPage(json))).toEqual(expected);
  });

  it('changes the links and no customer, for any customers', () => {
    const link = `${COLLECTION}?$skiptoken=x`;
    const text = fc.oneof(fc.string(), fc.constantFrom(link, '@odata.nextLink', `"${link}"`, '\\'));
    const customers = fc.array(fc.dictionary(text, text, { maxKeys: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(customers, fc.boolean(), (value, first) => {
        const page = first
          ? { '@odata.nextLink': link, value }
          : { value, '@odata.nextLink': link };
        expect(JSON.parse(rewrittenPage(JSON.stringify(page)))).toEqual({
          ...page,
          '@odata.nextLink': `${PROXY_URL}?$skiptoken=x`,
        });
      }),
    );
  });
});
