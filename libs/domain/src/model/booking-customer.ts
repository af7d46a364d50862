import { NullableEmail } from './email-address.ts';
import { Phone } from './phone.ts';
import { PhysicalAddress } from './physical-address.ts';
import { ObjectCollection, OptionalMember, OptionalVisibleText, VisibleText } from './rules.ts';

/** The `@odata.type` of a booking customer. Graph needs it: the declared element type is abstract. */
export const BOOKING_CUSTOMER_TYPE = '#microsoft.graph.bookingCustomer';

/**
 * Properties that creates and updates share. Graph publishes no limits; these are the proxy's. 20
 * addresses are five of each type, and 30 phones three of each. All of them fit the default body
 * limit.
 */
class CustomerProperties {
  @OptionalMember([BOOKING_CUSTOMER_TYPE, BOOKING_CUSTOMER_TYPE.slice(1)])
  '@odata.type'?: string;

  /** At most 254 characters, the SMTP limit (RFC 5321, 4.5.3.1.3). */
  @NullableEmail()
  emailAddress?: string | null;

  @ObjectCollection(() => PhysicalAddress, 20)
  addresses?: PhysicalAddress[];

  @ObjectCollection(() => Phone, 30)
  phones?: Phone[];
}

const MAX_NAME_LENGTH = 256;

/** Graph's `bookingCustomer` as a caller writes it. */
export class BookingCustomer extends CustomerProperties {
  @VisibleText(MAX_NAME_LENGTH)
  displayName!: string;
}

/** Changes of a customer. An absent property stays as it is; null removes the value. */
export class BookingCustomerChanges extends CustomerProperties {
  @OptionalVisibleText(MAX_NAME_LENGTH)
  displayName?: string;
}
