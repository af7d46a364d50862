/** A property as the v1.0 schema declares it. Of a collection, `isNullable` speaks of its items. */
export interface SchemaProperty {
  /** `Edm.String`, or a type of this file, as in `Collection(phone)`. */
  readonly type: string;
  readonly isNullable: boolean;
}

/** The properties of a type by name. */
export type SchemaType = Readonly<Record<string, SchemaProperty>>;

const TEXT: SchemaProperty = { type: 'Edm.String', isNullable: true };

/** Members in the order of their values, which begin at 0. */
const enums: Readonly<Record<string, readonly string[]>> = {
  phoneType: [
    'home',
    'business',
    'mobile',
    'other',
    'assistant',
    'homeFax',
    'businessFax',
    'otherFax',
    'pager',
    'radio',
  ],
  physicalAddressType: ['unknown', 'home', 'business', 'other'],
};

const phone: SchemaType = {
  language: TEXT,
  number: TEXT,
  region: TEXT,
  type: { type: 'phoneType', isNullable: true },
};

// The v1.0 schema declares neither postOfficeBox nor type, but the page of the operation sends and
// returns both. What the service does with them is unknown. The fake follows the page.
const physicalAddress: SchemaType = {
  city: TEXT,
  countryOrRegion: TEXT,
  postalCode: TEXT,
  postOfficeBox: TEXT,
  state: TEXT,
  street: TEXT,
  type: { type: 'physicalAddressType', isNullable: true },
};

const bookingCustomer: Readonly<
  Record<'displayName' | 'emailAddress' | 'addresses' | 'phones', SchemaProperty>
> = {
  displayName: { type: 'Edm.String', isNullable: false },
  emailAddress: TEXT,
  addresses: { type: 'Collection(physicalAddress)', isNullable: true },
  phones: { type: 'Collection(phone)', isNullable: true },
};

const readOnly: readonly string[] = ['id', 'createdDateTime', 'lastUpdatedDateTime'];

/** The schema by which the fake reads bodies. */
export const KNOWN_SCHEMA = {
  types: { bookingCustomer, physicalAddress, phone },
  enums,
  /** Properties of a customer that only Graph sets. */
  readOnly,
} as const;
