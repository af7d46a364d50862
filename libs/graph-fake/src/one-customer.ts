import { setImmediate } from 'node:timers/promises';
import { readCustomerChanges } from './customer-body.ts';
import { singleCustomer } from './customer-entity.ts';
import type { StoredCustomer } from './customer-store.ts';
import { type Answer, graphHeaders, GraphRefusal, success } from './graph-answer.ts';
import type { Operation, OperationCall } from './operation.ts';

const write = [
  'BookingsAppointment.ReadWrite.All',
  'Bookings.ReadWrite.All',
  'Bookings.Manage.All',
];
const read = ['Bookings.Read.All', ...write];
// The tables of Update and Delete name the permission to read for an application, from a pair that
// was once meant as both together. The fake takes what the pages say.
const written = { delegated: write, application: read };

/** "Get bookingCustomer", GET /solutions/bookingBusinesses/{id}/customers/{id}. */
export const getCustomer: Operation = {
  permissions: { delegated: read, application: read },
  perform: async (call) => {
    await turn(call);
    const customer = find(call);
    // The page says so, against its own example.
    if (call.getNeedsBase64Id && GUID.test(customer.id)) throw notFound();
    return entity(call, customer);
  },
};

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** "Update bookingCustomer", PATCH; members that are not sent stay as they are. */
export const updateCustomer: Operation = {
  permissions: written,
  perform: async (call) => {
    const { id } = find(call);
    const changes = readCustomerChanges(call.body);
    await turn(call);
    const customer = call.store.update(call.business, id, changes);
    return entity(call, customer ?? find(call));
  },
};

/** "Delete bookingCustomer", DELETE; a second one finds nothing. */
export const deleteCustomer: Operation = {
  permissions: written,
  perform: async (call) => {
    await turn(call);
    const { id } = find(call);
    call.store.remove(call.business, id);
    return { status: 204, headers: graphHeaders(call.ids), body: '' };
  },
};

/** Without a turn of the event loop no two requests would ever be under way together. */
function turn(call: OperationCall): Promise<void> {
  return setImmediate(undefined, { signal: call.signal });
}

function find(call: OperationCall): StoredCustomer {
  const customer = call.id === null ? undefined : call.store.get(call.business, call.id);
  if (customer !== undefined) return customer;
  throw notFound();
}

/** Only that such a customer is "not found" is known, neither the code nor the words. */
function notFound(): GraphRefusal {
  return new GraphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found.');
}

function entity(call: OperationCall, customer: StoredCustomer): Answer {
  return success(call.ids, 200, singleCustomer(call.graphUrl, call.business, customer), {});
}
