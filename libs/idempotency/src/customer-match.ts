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
 * What is compared of a customer that was sent. Texts of customers that match are equal, so digests
 * of them serve as well. The first word tells the comparisons apart.
 */
export interface ComparedTexts {
  readonly all: string;
  /** All, with the e-mail address as the name. Undefined without an e-mail address. */
  readonly emailAsName: string | undefined;
  /** The e-mail address alone, or the name alone of a customer without one. */
  readonly part: string;
}

export function comparedTexts(sent: BookingCustomer): ComparedTexts {
  const values = valuesOf(Object.fromEntries<unknown>(Object.entries(sent)));
  const email = caseInsensitive(sent.emailAddress);
  return {
    all: allOf(values),
    emailAsName: email === '' ? undefined : withNameOf(values, email),
    part: email === '' ? nameOf(values) : emailOf(values),
  };
}

/**
 * Compares what Graph keeps of a customer. Graph may store the e-mail address as the name, and null
 * for an absent or empty value.
 *
 * @param sent the texts of the customer that was sent, or their digests
 * @param digestOf makes the digest of a text, if `sent` has digests
 * @returns `partial` when only the e-mail address agrees, or only the name of a customer without one
 */
export function matchTexts(
  sent: ComparedTexts,
  listed: Readonly<Record<string, unknown>>,
  digestOf = (compared: string) => compared,
): CustomerMatch {
  const values = valuesOf(listed);
  const isPart = [emailOf(values), nameOf(values)].some((each) => digestOf(each) === sent.part);
  if (!isPart) return 'none';
  if (digestOf(allOf(values)) === sent.all) return 'full';
  const emailAsName = withNameOf(values, caseInsensitive(listed['displayName']));
  return digestOf(emailAsName) === sent.emailAsName ? 'full' : 'partial';
}

export function matchCustomer(
  sent: BookingCustomer,
  listed: Readonly<Record<string, unknown>>,
): CustomerMatch {
  return matchTexts(comparedTexts(sent), listed);
}

/** The compared text of every property, by its name. */
type Values = Readonly<Record<string, string>>;

function valuesOf(customer: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(
    Object.entries(BOOKING_CUSTOMER).map(([name, compare]) => [name, compare(customer[name])]),
  );
}

const allOf = (values: Values) => JSON.stringify(['all', ...Object.values(values)]);
const withNameOf = (values: Values, displayName: string) =>
  JSON.stringify(['e-mail as name', ...Object.values({ ...values, displayName })]);
const emailOf = ({ emailAddress }: Values) => JSON.stringify(['e-mail', emailAddress]);
const nameOf = ({ displayName }: Values) => JSON.stringify(['name', displayName]);

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
