import { Phone } from './phone.ts';
import { PhysicalAddress } from './physical-address.ts';
import {
  NullableEmail,
  ObjectCollection,
  OptionalMember,
  OptionalVisibleText,
  VisibleText,
} from '../validation/rules.ts';

/** What `@odata.type` says of a booking customer. Graph's declared element type is abstract and needs it. */
export const BOOKING_CUSTOMER_TYPE = '#microsoft.graph.bookingCustomer';

/**
 * What creating and changing a customer have in common.
 *
 * Bounds are ours, Graph publishes none: 256 characters hold any name; 20 addresses are five of
 * each type and 30 phones three of each, and all of them at once still fit the default body limit
 * as people write them.
 */
class CustomerProperties {
  @OptionalMember([BOOKING_CUSTOMER_TYPE, BOOKING_CUSTOMER_TYPE.slice(1)])
  '@odata.type'?: string;

  /** At most 254 characters, which is what SMTP can carry (RFC 5321, 4.5.3.1.3). */
  @NullableEmail()
  emailAddress?: string | null;

  @ObjectCollection(() => PhysicalAddress, 20)
  addresses?: PhysicalAddress[];

  @ObjectCollection(() => Phone, 30)
  phones?: Phone[];
}

const LONGEST_NAME = 256;

/** Graph's `bookingCustomer` as a caller writes it. */
export class BookingCustomer extends CustomerProperties {
  @VisibleText(LONGEST_NAME)
  displayName!: string;
}

/** What is to change of a customer. A property that is absent stays as it is; null says "none". */
export class BookingCustomerChanges extends CustomerProperties {
  @OptionalVisibleText(LONGEST_NAME)
  displayName?: string;
}
