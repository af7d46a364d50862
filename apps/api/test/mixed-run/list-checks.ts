import { expect } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { entity } from './collection-model.ts';
import type { Query } from './operations.ts';
import type { SentRequest, Reply } from './requests.ts';

/** Checks the pages, the order and the count of a list that only this caller changes. */
export function checkList(sent: SentRequest, query: Query, { pages, complete }: Reply): void {
  const { model, context } = sent;
  const expected = model.pages(query).map((customers, index, { length }) => ({
    '@odata.context': context,
    ...(query.counted && { '@odata.count': model.matching(query).length }),
    value: customers.map((customer) => entity(customer, query.select)),
    ...(index < length - 1 && { '@odata.nextLink': linkOf(sent) }),
  }));
  expect(pages).toEqual(complete ? expected : expected.slice(0, 1));
}

/**
 * Checks a list of customers that other callers change at the same time. It must contain the own
 * customers in order, except for those at the beginning that `$skip` has skipped.
 */
export function checkSharedList(sent: SentRequest, query: Query, reply: Reply): void {
  const { model, moment } = sent;
  const gone = new Set([...model.census.gone].slice(0, moment.gone));
  const listed = reply.pages.flatMap(({ value }) =>
    Array.isArray(value) ? value.filter(isObject) : [],
  );
  const ids = listed.map(({ id }) => String(id));
  const { filter, select } = query;
  const members = select && ['@odata.type', ...select].join();
  expect({
    twice: ids.length - new Set(ids).size,
    gone: ids.filter((id) => gone.has(id)),
    unlike: listed.filter((each) => filter && each[filter.member] !== filter.value),
    otherwise: listed.filter((each) => members && Object.keys(each).join() !== members),
  }).toEqual({ twice: 0, gone: [], unlike: [], otherwise: [] });
  const own = model.matching(query).map((customer) => entity(customer, query.select));
  const ownListed = listed.filter(({ id }) => model.has(String(id)));
  if (reply.complete) {
    const passedOver = own.length - ownListed.length;
    expect(passedOver).toBeLessThanOrEqual(query.skip ?? 0);
    expect(ownListed).toEqual(own.slice(passedOver));
    if (!query.skip) checkSharedCount(sent, query, listed.length);
  } else {
    expect(own).toEqual(expect.arrayContaining(ownListed));
  }
  for (const page of reply.pages) checkSharedPage(sent, query, page);
}

function checkSharedPage(sent: SentRequest, query: Query, page: Record<string, unknown>): void {
  const { value, '@odata.nextLink': link, '@odata.count': count, ...others } = page;
  const size = Array.isArray(value) ? value.length : undefined;
  expect(others).toEqual({ '@odata.context': sent.context });
  // Only the last page may be shorter.
  if (link === undefined) expect(size).toBeLessThanOrEqual(query.top ?? 0);
  else expect([size, link]).toEqual([query.top, linkOf(sent)]);
  if (query.counted) checkSharedCount(sent, query, count);
  else expect(count).toBeUndefined();
}

/** Checks the count of the customers of all callers. */
export function checkSharedCount(
  { model, moment }: SentRequest,
  query: Query,
  count: unknown,
): void {
  const { least, most } = model.census.bounds(moment);
  const own = model.matching(query).length;
  expect(count).toBeGreaterThanOrEqual(query.filter ? own : Math.max(own, least));
  expect(count).toBeLessThanOrEqual(most);
}

function linkOf({ collectionUrl }: SentRequest): unknown {
  return expect.stringContaining(`${collectionUrl}?`);
}
