import { setImmediate, setTimeout } from 'node:timers/promises';
import { readCustomerBody } from './customer-body.ts';
import { singleCustomer } from './customer-entity.ts';
import type { NewCustomer, StoredCustomer } from './customer-store.ts';
import { type Answer, success } from './graph-answer.ts';
import type { Operation, OperationCall } from './operation.ts';

/** "Create bookingCustomer", POST /solutions/bookingBusinesses/{id}/customers. */
export const createCustomer: Operation = {
  // The page's table; a later one lists two more application permissions, but an application that
  // held only those was observed to be refused.
  permissions: {
    delegated: [
      'BookingsAppointment.ReadWrite.All',
      'Bookings.ReadWrite.All',
      'Bookings.Manage.All',
    ],
    application: ['BookingsAppointment.ReadWrite.All'],
  },

  async perform(call: OperationCall): Promise<Answer> {
    const asked = readCustomerBody(call.body);
    const customer = call.store.add(
      call.business,
      call.displayNameIsEmail ? displayNameIsEmail(asked) : asked,
    );
    // Without a turn of the event loop no two requests would ever be under way together.
    if (call.answerDelayMs > 0) {
      await setTimeout(call.answerDelayMs, undefined, { signal: call.signal });
    } else {
      await setImmediate(undefined, { signal: call.signal });
    }
    const entity = singleCustomer(call.graphUrl, call.business, customer);
    return success(call.ids, 201, entity, { Location: location(call, customer) });
  },
};

/** The long-standing bug of the service: the name is dropped, the address stands in its place. */
function displayNameIsEmail(customer: NewCustomer): NewCustomer {
  return { ...customer, displayName: customer.emailAddress ?? customer.displayName };
}

/**
 * Whether Bookings sends `Location` is not known. Other 201 answers of Graph's were seen to name a
 * host behind it, which a proxy must not hand on: the fake sends one of that kind.
 */
function location(call: OperationCall, customer: StoredCustomer): string {
  const business = encodeURIComponent(call.business);
  const id = encodeURIComponent(customer.id);
  return `https://outlook.office.com/api/v2.0/Users('${business}')/Customers('${id}')`;
}
