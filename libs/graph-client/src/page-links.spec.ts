import { describe, expect, it } from '@jest/globals';
import { GraphError, isObject } from '@bookings/domain';
import type { Page } from './graph-answer.ts';
import { pointedAt } from './page-links.ts';
import { pageParts } from './page-parts.ts';

const UPSTREAM = 'https://graph.microsoft.com/v1.0/';
const OURS =
  'https://proxy.contoso.com/bookings/v1.0/solutions/bookingBusinesses/b%40c.com/customers';
const COLLECTION = `${UPSTREAM}solutions/bookingBusinesses/b@c.com/customers`;

function page(...pieces: string[]): Page {
  return {
    status: 200,
    parts: pageParts(pieces.map((piece) => Buffer.from(piece))),
    contentType: 'application/json',
    headers: {},
    requestId: 'f2d0d0a4-0000-0000-0000-000000000000',
    date: undefined,
  };
}

function pointed(given: Page): string {
  return Buffer.concat(pointedAt(given, UPSTREAM, OURS).pieces).toString();
}

function rewritten(link: string): string {
  const json = JSON.stringify({ value: [], '@odata.nextLink': link });
  const answer: unknown = JSON.parse(pointed(page(json)));
  return isObject(answer) ? String(answer['@odata.nextLink']) : '';
}

describe('pointedAt', () => {
  it.each([
    [`${COLLECTION}?$skiptoken=abc`, '$skiptoken=abc'],
    [`${COLLECTION}?$top=2&$skiptoken=a%2Fb%3D%3D`, '$top=2&$skiptoken=a%2Fb%3D%3D'],
    [`${COLLECTION}?%24skiptoken=abc`, '$skiptoken=abc'],
    [`${UPSTREAM}solutions/bookingBusinesses('b@c.com')/customers?$skiptoken=x`, '$skiptoken=x'],
    [`${UPSTREAM}Solutions/BookingBusinesses/b@c.com/Customers/?$skip=100`, '$skip=100'],
    [
      `HTTPS://Graph.Microsoft.com:443/V1.0/solutions/bookingBusinesses/x/customers?$skip=1`,
      '$skip=1',
    ],
  ])('points %s at the proxy', (link, query) => {
    expect(rewritten(link)).toBe(`${OURS}?${query}`);
  });

  it.each([
    'https://evil.example/v1.0/solutions/bookingBusinesses/b/customers?$skiptoken=x',
    'https://graph.microsoft.com.evil.example/v1.0/solutions/bookingBusinesses/b/customers?$skip=1',
    'https://graph.microsoft.com@evil.example/v1.0/solutions/bookingBusinesses/b/customers?$skip=1',
    'https://user@graph.microsoft.com/v1.0/solutions/bookingBusinesses/b/customers?$skip=1',
    'http://graph.microsoft.com/v1.0/solutions/bookingBusinesses/b/customers?$skip=1',
    'https://graph.microsoft.com:444/v1.0/solutions/bookingBusinesses/b/customers?$skip=1',
    'https://graph.microsoft.com/beta/solutions/bookingBusinesses/b/customers?$skip=1',
    `${UPSTREAM}../beta/solutions/bookingBusinesses/b/customers?$skip=1`,
    `${UPSTREAM}solutions/bookingBusinesses/b/customers/../../../users?$skip=1`,
    `${UPSTREAM}solutions/bookingBusinesses/b/staffMembers?$skip=1`,
    `${UPSTREAM}users?$skip=1`,
    `${COLLECTION}?$apply=x`,
    `${COLLECTION}?$skip=1&unknown=2`,
    COLLECTION,
    '/v1.0/solutions/bookingBusinesses/b/customers?$skip=1',
    'javascript:alert(1)',
    '',
  ])('refuses %s', (link) => {
    expect(() => rewritten(link)).toThrow(
      expect.objectContaining({ code: 'BadGateway', status: 502 }),
    );
    expect(() => rewritten(link)).toThrow(GraphError);
  });

  it('changes no other byte', () => {
    const before = '\n{ "@odata.context" : "x", "value" : [ {"@odata.nextLink":"not mine"} ],';
    const after = '"n": 1.0e2, "é": "\\u00e9" }\n';
    const link = (url: string) => ` "@odata.deltaLink" :\t"${url}", `;
    const given = page(before + link(`${COLLECTION}?$deltatoken=d`) + after);
    expect(pointed(given)).toBe(before + link(`${OURS}?$deltatoken=d`) + after);
    const { requestId } = given;
    expect(pointedAt(given, UPSTREAM, OURS)).toMatchObject({ status: 200, requestId });
  });

  it('hands a last page on as it came', () => {
    expect(pointed(page('{"value":[1]}'))).toBe('{"value":[1]}');
    expect(pointed(page('{"value":[1', ',2,3,4,5,6]', '}'))).toBe('{"value":[1,2,3,4,5,6]}');
  });

  it('finds links on both sides of the customers, in whatever pieces they come', () => {
    const json = (url: string) =>
      `{"@odata.nextLink":"${url}","value":[{"id":"é"},{"id":"2"}],"@odata.deltaLink":"${url}"}`;
    const given = json(`${COLLECTION}?$skiptoken=s`);
    for (let at = 1; at < given.length; at += 1) {
      const cut = page(given.slice(0, at), given.slice(at));
      expect(pointed(cut)).toBe(json(`${OURS}?$skiptoken=s`));
    }
  });

  it('has nothing to hand on where nothing was modified', () => {
    expect(pointed({ ...page(''), parts: undefined })).toBe('');
  });
});
