import { UNPRINTABLE_CHARACTERS } from './characters.ts';
import { NullableMember, NullableText } from './rules.ts';

/** Graph's physicalAddressType. */
export const PHYSICAL_ADDRESS_TYPES = ['unknown', 'home', 'business', 'other'] as const;

export type PhysicalAddressType = (typeof PHYSICAL_ADDRESS_TYPES)[number];

/**
 * Graph's `physicalAddress`. The page "Create bookingCustomer" has `postOfficeBox` and `type`, which
 * the v1.0 schema does not declare. Lines may break, as in Outlook's streets. Graph publishes no
 * length limits; these are the proxy's.
 */
export class PhysicalAddress {
  @NullableText(256, UNPRINTABLE_CHARACTERS)
  postOfficeBox?: string | null;

  @NullableText(256, UNPRINTABLE_CHARACTERS)
  street?: string | null;

  @NullableText(256, UNPRINTABLE_CHARACTERS)
  city?: string | null;

  @NullableText(256, UNPRINTABLE_CHARACTERS)
  state?: string | null;

  @NullableText(256, UNPRINTABLE_CHARACTERS)
  countryOrRegion?: string | null;

  @NullableText(32, UNPRINTABLE_CHARACTERS)
  postalCode?: string | null;

  @NullableMember(PHYSICAL_ADDRESS_TYPES)
  type?: PhysicalAddressType | null;
}
