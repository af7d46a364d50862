import { describe, expect, it } from '@jest/globals';
import { getPart, sendBatch, statusesOf } from '../batch-requests.ts';
import { BUSINESS, customersPath, relativePath } from '../documented.ts';
import { respond } from '../faults.ts';
import { useStack } from '../stack.ts';
import { LINKS, OPTIONS } from './queries.ts';
import { titled } from './report.ts';

const stack = useStack();

const EMPTY = respond(200, { value: [] });
/** The query of the last request to Graph. `fetch` encodes a quote. */
const lastQuery = () =>
  (stack.fake.requests().requests.at(-1)?.path ?? '')
    .replace(/^[^?]*\?/, '')
    .replaceAll('%27', "'");

describe('a page link', () => {
  it.each(titled(LINKS))('%s', async (_title, { query }) => {
    const link = `${stack.fake.graphUrl}/solutions/bookingBusinesses/${BUSINESS}/customers?${query}`;
    stack.fake.script([respond(200, { value: [], '@odata.nextLink': link }), EMPTY]);
    const page = await stack.request('GET', customersPath());
    const next = String(page.body['@odata.nextLink']);
    expect(next.slice(next.indexOf('?') + 1)).toBe(query);
    expect((await stack.request('GET', next.slice(stack.url.length))).status).toBe(200);
    expect(lastQuery()).toBe(query);
  });
});

describe('a query', () => {
  it.each(titled(OPTIONS))('%s', async (_title, { query, refused }) => {
    stack.fake.script([EMPTY, EMPTY]);
    const alone = await stack.request('GET', `${customersPath()}?${query}`);
    const batch = await sendBatch(stack, [getPart('1', `${relativePath()}?${query}`)]);
    const status = refused === undefined ? 200 : 400;
    expect([alone.status, statusesOf(batch)]).toEqual([status, [status]]);
    expect(stack.graphRequests).toBe(refused === undefined ? 2 : 0);
    if (refused === undefined) expect(lastQuery()).toBe(query);
    else expect(alone.error['message']).toContain(refused);
  });
});
