import { TO_CREATE } from './bookings-permissions.ts';
import { readCustomerBody } from './customer-body.ts';
import { singleCustomer } from './customer-entity.ts';
import type { NewCustomer, StoredCustomer } from './customer-store.ts';
import { type GraphResponse, success } from './graph-response.ts';
import { type CustomerOperation, type OperationCall, yieldToOthers } from './customer-operation.ts';

/** "Create bookingCustomer", POST /solutions/bookingBusinesses/{id}/customers. */
export const createCustomer: CustomerOperation = {
  permissions: TO_CREATE,

  async perform(call: OperationCall): Promise<GraphResponse> {
    const requested = readCustomerBody(call.body);
    const customer = call.store.add(
      call.business,
      call.displayNameIsEmail ? displayNameIsEmail(requested) : requested,
    );
    await yieldToOthers(call);
    const entity = singleCustomer(call.graphUrl, call.business, customer);
    return success(call, 201, entity, { Location: location(call, customer) });
  },
};

/** A known bug of the service: it stores the e-mail address as the name. */
function displayNameIsEmail(customer: NewCustomer): NewCustomer {
  return { ...customer, displayName: customer.emailAddress ?? customer.displayName };
}

/**
 * Whether Bookings sends `Location` is unknown. Other 201 responses of Graph were observed to name
 * an internal host, which a proxy must not forward. The fake sends such a value.
 */
function location(call: OperationCall, customer: StoredCustomer): string {
  const business = encodeURIComponent(call.business);
  const id = encodeURIComponent(customer.id);
  return `https://outlook.office.com/api/v2.0/Users('${business}')/Customers('${id}')`;
}
