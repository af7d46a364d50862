import { performance } from 'node:perf_hooks';
import { TO_READ } from './bookings-permissions.ts';
import { customerEntity, customersContext } from './customer-entity.ts';
import { type CustomerQuery, readCustomerQuery, skipToken } from './customer-query.ts';
import type { KeptCustomer } from './customer-store.ts';
import { type Answer, graphHeaders, success } from './graph-answer.ts';
import { type Operation, type OperationCall, turn } from './operation.ts';

/** "List customers", GET /solutions/bookingBusinesses/{id}/customers, page by page. */
export const listCustomers: Operation = {
  permissions: TO_READ,
  async perform(call: OperationCall): Promise<Answer> {
    const query = readCustomerQuery(call.query);
    await turn(call);
    const matching = matchingIn(call, query);
    const rest = matching.filter(({ ordinal }) => ordinal > query.after).slice(query.skip);
    const page = rest.slice(0, query.top ?? call.pageSize);
    const last = page.at(-1);
    const more = last !== undefined && rest.length > page.length;
    return success(
      call.ids,
      200,
      {
        '@odata.context': customersContext(call.graphUrl, call.business),
        ...(query.counted && { '@odata.count': matching.length }),
        value: page.map(({ customer }) => only(query.select, customerEntity(customer))),
        ...(more && { '@odata.nextLink': nextLink(call, last.ordinal) }),
      },
      {},
    );
  },
};

/** GET …/customers/$count, which is in the generated OpenAPI alone; how many there are as text. */
export const countCustomers: Operation = {
  permissions: TO_READ,
  async perform(call: OperationCall): Promise<Answer> {
    const query = readCustomerQuery(call.query);
    await turn(call);
    const matching = matchingIn(call, query);
    const headers = {
      ...graphHeaders(call.ids),
      'Content-Type': 'text/plain',
      'OData-Version': '4.0',
    };
    return { status: 200, headers, body: String(matching.length) };
  },
};

function matchingIn(
  { store, business, listDelayMs }: OperationCall,
  query: CustomerQuery,
): KeptCustomer[] {
  const shownMs = performance.now() - listDelayMs;
  return store
    .kept(business)
    .filter(({ storedAtMs, customer }) => storedAtMs <= shownMs && query.matches(customer));
}

function only(
  select: readonly string[] | undefined,
  entity: Record<string, unknown>,
): Record<string, unknown> {
  if (select === undefined) return entity;
  const kept = ['@odata.type', ...select];
  return Object.fromEntries(Object.entries(entity).filter(([name]) => kept.includes(name)));
}

/** What was asked, from where this page ends: `$skip` is done with. */
function nextLink({ graphUrl, business, query }: OperationCall, ordinal: number): string {
  const asked = [...query].filter(([name]) => name !== '$skip' && name !== '$skiptoken');
  const options = [...asked, ['$skiptoken', skipToken(ordinal)] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const key = encodeURIComponent(business);
  return `${graphUrl}/solutions/bookingBusinesses/${key}/customers?${options}`;
}
