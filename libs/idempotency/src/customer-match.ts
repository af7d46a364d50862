import {
  type BookingCustomer,
  inNormalForm,
  isObject,
  type Phone,
  type PhysicalAddress,
} from '@bookings/domain';

/** How far a listed customer agrees with one that was sent. */
export type CustomerMatch = 'full' | 'partial' | 'none';

/** Converts a value to text that is equal for values that match. */
type Comparison = (value: unknown) => string;

/** States the comparison of every property of `T`: a forgotten property does not compile. */
type Comparisons<T> = Readonly<Record<keyof T, Comparison>>;

// Graph may store a text in another normal form than the one that was sent.
const text: Comparison = (value) => (typeof value === 'string' ? inNormalForm(value.trim()) : '');
const caseInsensitive: Comparison = (value) => text(text(value).toLowerCase());
/** For properties that Graph may drop or replace. */
const ignored: Comparison = () => '';

const PHYSICAL_ADDRESS: Comparisons<PhysicalAddress> = {
  // The v1.0 schema of Graph does not declare these two.
  postOfficeBox: ignored,
  type: ignored,
  street: text,
  city: text,
  state: text,
  countryOrRegion: text,
  postalCode: text,
};

const PHONE: Comparisons<Phone> = {
  number: text,
  type: text,
  // The documentation of Graph does not mention these two.
  language: ignored,
  region: ignored,
};

const BOOKING_CUSTOMER: Comparisons<BookingCustomer> = {
  // The same for every customer.
  '@odata.type': ignored,
  displayName: text,
  emailAddress: caseInsensitive,
  addresses: collectionOf(PHYSICAL_ADDRESS),
  phones: collectionOf(PHONE),
};

/**
 * Compares what Graph keeps of a customer. Graph may store the e-mail address as the name, and null
 * for an absent or empty value.
 *
 * @returns `partial` when only the e-mail address agrees, or only the name of a customer without one
 */
export function matchCustomer(
  sent: BookingCustomer,
  listed: Readonly<Record<string, unknown>>,
): CustomerMatch {
  const sentValues = Object.fromEntries<unknown>(Object.entries(sent));
  const different = new Set(
    Object.entries(BOOKING_CUSTOMER)
      .filter(([name, compare]) => compare(sentValues[name]) !== compare(listed[name]))
      .map(([name]) => name),
  );
  const email = caseInsensitive(sent.emailAddress);
  if (email !== '' && caseInsensitive(listed['displayName']) === email) {
    different.delete('displayName');
  }
  if (different.size === 0) return 'full';
  return different.has(email === '' ? 'displayName' : 'emailAddress') ? 'none' : 'partial';
}

/** Compares collections by their items that are not empty, in any order. */
function collectionOf<T>(comparisons: Comparisons<T>): Comparison {
  const members = Object.entries<Comparison>(comparisons);
  return (collection) => {
    const items: readonly unknown[] = Array.isArray(collection) ? collection : [];
    return items
      .filter(isObject)
      .map((item) => members.map(([name, compare]) => compare(item[name])))
      .filter((values) => values.some((value) => value !== ''))
      .map((values) => JSON.stringify(values))
      .sort()
      .join();
  };
}
