import { TO_CHANGE, TO_READ } from './bookings-permissions.ts';
import { readCustomerChanges } from './customer-body.ts';
import { singleCustomer } from './customer-entity.ts';
import { isGuid } from './customer-id.ts';
import type { StoredCustomer } from './customer-store.ts';
import { type GraphResponse, graphHeaders, GraphRefusal, success } from './graph-response.ts';
import { type CustomerOperation, type OperationCall, yieldToOthers } from './customer-operation.ts';

/** "Get bookingCustomer", GET /solutions/bookingBusinesses/{id}/customers/{id}. */
export const getCustomer: CustomerOperation = {
  permissions: TO_READ,
  perform: async (call) => {
    await yieldToOthers(call);
    const customer = find(call);
    // The page says so, but its example has a GUID.
    if (call.getNeedsBase64Id && isGuid(call.id ?? '')) throw notFound();
    return entity(call, customer);
  },
};

/** "Update bookingCustomer", PATCH. Absent members do not change. */
export const updateCustomer: CustomerOperation = {
  permissions: TO_CHANGE,
  perform: async (call) => {
    const { id } = find(call);
    const changes = readCustomerChanges(call.body);
    await yieldToOthers(call);
    const customer = call.store.update(call.business, id, changes);
    return entity(call, customer ?? find(call));
  },
};

/** "Delete bookingCustomer", DELETE. A second delete gets 404. */
export const deleteCustomer: CustomerOperation = {
  permissions: TO_CHANGE,
  perform: async (call) => {
    await yieldToOthers(call);
    const { id } = find(call);
    call.store.remove(call.business, id);
    return { status: 204, headers: graphHeaders(call.ids), body: '' };
  },
};

function find(call: OperationCall): StoredCustomer {
  const customer = call.id === null ? undefined : call.store.get(call.business, call.id);
  if (customer !== undefined) return customer;
  throw notFound();
}

/** The status is documented. Code and message are unknown. */
function notFound(): GraphRefusal {
  return new GraphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found.');
}

function entity(call: OperationCall, customer: StoredCustomer): GraphResponse {
  return success(call, 200, singleCustomer(call.graphUrl, call.business, customer), {});
}
