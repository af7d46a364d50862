import { performance } from 'node:perf_hooks';
import { TO_READ } from './bookings-permissions.ts';
import { customerEntity, customersContext } from './customer-entity.ts';
import { type CustomerQuery, readCustomerQuery, skipToken } from './customer-query.ts';
import type { CustomerRecord } from './customer-store.ts';
import { type GraphResponse, graphHeaders, success } from './graph-response.ts';
import { type CustomerOperation, type OperationCall, yieldToOthers } from './customer-operation.ts';

/** "List customers", GET /solutions/bookingBusinesses/{id}/customers, page by page. */
export const listCustomers: CustomerOperation = {
  permissions: TO_READ,
  async perform(call: OperationCall): Promise<GraphResponse> {
    const query = readCustomerQuery(call.query);
    await yieldToOthers(call);
    const matching = matchingIn(call, query);
    const rest = matching.filter(({ ordinal }) => ordinal > query.after).slice(query.skip);
    const page = rest.slice(0, query.top ?? call.pageSize);
    const last = page.at(-1);
    const more = last !== undefined && rest.length > page.length;
    return success(
      call,
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

/** GET …/customers/$count, which only the generated OpenAPI has. The response is plain text. */
export const countCustomers: CustomerOperation = {
  permissions: TO_READ,
  async perform(call: OperationCall): Promise<GraphResponse> {
    const query = readCustomerQuery(call.query);
    await yieldToOthers(call);
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
): CustomerRecord[] {
  const visibleAtMs = performance.now() - listDelayMs;
  return store
    .records(business)
    .filter(({ storedAtMs, customer }) => storedAtMs <= visibleAtMs && query.matches(customer));
}

function only(
  select: readonly string[] | undefined,
  entity: Record<string, unknown>,
): Record<string, unknown> {
  if (select === undefined) return entity;
  const names = ['@odata.type', ...select];
  return Object.fromEntries(Object.entries(entity).filter(([name]) => names.includes(name)));
}

/** The same query, starting after this page. `$skip` no longer applies. */
function nextLink({ graphUrl, business, query }: OperationCall, ordinal: number): string {
  const parameters = [...query].filter(([name]) => !/^\$skip(?:token)?$/i.test(name));
  const options = [...parameters, ['$skiptoken', skipToken(ordinal)] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const key = encodeURIComponent(business);
  return `${graphUrl}/solutions/bookingBusinesses/${key}/customers?${options}`;
}
