/** `as-sent`, or `others` for every address, as the resource page says of v1.0. */
export type AddressTypes = 'as-sent' | 'others';

type Address = Readonly<Record<string, string | null>>;

/** The customer with its addresses as Graph keeps them. */
export function withAddressTypes<T extends { readonly addresses?: readonly (Address | null)[] }>(
  customer: T,
  types: AddressTypes,
): T {
  const { addresses } = customer;
  if (types === 'as-sent' || addresses === undefined) return customer;
  return { ...customer, addresses: addresses.map(asOthers) };
}

// The schema has no postOfficeBox either.
function asOthers(address: Address | null): Address | null {
  if (address === null) return null;
  const { postOfficeBox: _, ...declared } = address;
  return { ...declared, type: 'others' };
}
