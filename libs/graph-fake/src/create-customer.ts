import { setTimeout } from 'node:timers/promises';
import { TO_CREATE } from './bookings-permissions.ts';
import { readCustomerBody } from './customer-body.ts';
import { singleCustomer } from './customer-entity.ts';
import type { NewCustomer, StoredCustomer } from './customer-store.ts';
import { type Answer, success } from './graph-answer.ts';
import { type Operation, type OperationCall, turn } from './operation.ts';

/** "Create bookingCustomer", POST /solutions/bookingBusinesses/{id}/customers. */
export const createCustomer: Operation = {
  permissions: TO_CREATE,

  async perform(call: OperationCall): Promise<Answer> {
    const asked = readCustomerBody(call.body);
    const customer = call.store.add(
      call.business,
      call.displayNameIsEmail ? displayNameIsEmail(asked) : asked,
    );
    if (call.answerDelayMs > 0) {
      await setTimeout(call.answerDelayMs, undefined, { signal: call.signal });
    } else {
      await turn(call);
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
