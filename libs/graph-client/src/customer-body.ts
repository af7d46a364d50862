import {
  BOOKING_CUSTOMER_TYPE,
  type BookingCustomer,
  type BookingCustomerChanges,
  type PhysicalAddress,
} from '@bookings/domain';

/**
 * `documented`: addresses as Microsoft's pages show them. `v1.0`: without `postOfficeBox` and
 * `type`, which the v1.0 schema does not declare.
 */
export type AddressSchema = 'documented' | 'v1.0';

const TYPE = { '@odata.type': BOOKING_CUSTOMER_TYPE };
const UNDECLARED: readonly string[] = ['postOfficeBox', 'type'];

/** A customer, or changes of one, as Graph's JSON. `@odata.type` is always there: the declared type is abstract. */
export function customerBody(
  customer: BookingCustomer | BookingCustomerChanges,
  schema: AddressSchema,
): string {
  // First, where OData wants it, whatever the customer says of it.
  const written = Object.assign({ '@odata.type': BOOKING_CUSTOMER_TYPE }, customer, TYPE);
  const { addresses } = written;
  if (schema === 'documented' || !addresses) return JSON.stringify(written);
  return JSON.stringify(Object.assign({}, written, { addresses: addresses.map(declaredMembers) }));
}

function declaredMembers(address: PhysicalAddress): Record<string, unknown> {
  return Object.fromEntries(Object.entries(address).filter(([name]) => !UNDECLARED.includes(name)));
}
