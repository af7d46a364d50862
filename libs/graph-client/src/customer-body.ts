import {
  BOOKING_CUSTOMER_TYPE,
  type BookingCustomer,
  type BookingCustomerChanges,
  type PhysicalAddress,
} from '@bookings/domain';

/**
 * `documented`: addresses as on Microsoft's pages. `v1.0`: without `postOfficeBox` and `type`, which
 * the v1.0 schema does not declare.
 */
export type AddressSchema = 'documented' | 'v1.0';

const TYPE = { '@odata.type': BOOKING_CUSTOMER_TYPE };
const UNDECLARED: readonly string[] = ['postOfficeBox', 'type'];

/** Serializes a customer or changes. `@odata.type` is required: the declared type is abstract. */
export function customerBody(
  customer: BookingCustomer | BookingCustomerChanges,
  schema: AddressSchema,
): string {
  // OData requires `@odata.type` first. The value of the caller may lack its number sign.
  const entity = Object.assign({ '@odata.type': BOOKING_CUSTOMER_TYPE }, customer, TYPE);
  const { addresses } = entity;
  if (schema === 'documented' || !addresses) return JSON.stringify(entity);
  return JSON.stringify(
    Object.assign({}, entity, { addresses: addresses.map(declaredProperties) }),
  );
}

function declaredProperties(address: PhysicalAddress): Record<string, unknown> {
  return Object.fromEntries(Object.entries(address).filter(([name]) => !UNDECLARED.includes(name)));
}
