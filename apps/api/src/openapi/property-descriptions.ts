import type { BookingCustomer, Phone, PhysicalAddress } from '@bookings/domain';
import { type JsonObject, jsonObject } from './open-api-objects.ts';

/** What each property of a class means. A property without an entry does not compile. */
type Descriptions<Model> = Readonly<Record<keyof Model, string>>;

const CUSTOMER: Descriptions<BookingCustomer> = {
  '@odata.type': 'The type in Graph. The proxy adds it where it is absent.',
  displayName: 'The name of the customer, with at least one visible character.',
  emailAddress: 'The SMTP address of the customer. Null says that there is none.',
  addresses: 'Postal addresses of the customer.',
  phones: 'Telephone numbers of the customer.',
};

const ADDRESS: Descriptions<PhysicalAddress> = {
  postOfficeBox: 'The number of the post office box.',
  street: 'The street, with the number of the house.',
  city: 'The city.',
  state: 'The state or province.',
  countryOrRegion: 'The country or region, in free text.',
  postalCode: 'The postal code, in free text.',
  type: 'The kind of the address.',
};

const PHONE: Descriptions<Phone> = {
  number: 'The number, in free text.',
  type: 'The kind of the number.',
  language: "The language of the phone. Only Graph's schema has it.",
  region: "The region of the phone. Only Graph's schema has it.",
};

/** The descriptions of each schema of the request bodies. */
export const PROPERTY_DESCRIPTIONS = {
  BookingCustomer: CUSTOMER,
  BookingCustomerChanges: {
    ...CUSTOMER,
    displayName: 'The new name of the customer. Absent, it stays as it is.',
  },
  PhysicalAddress: ADDRESS,
  Phone: PHONE,
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The schema with a description of each of its properties. */
export function withDescriptions(
  schema: JsonObject,
  descriptions: Readonly<Record<string, string>>,
): JsonObject {
  const properties = Object.entries(jsonObject(schema['properties'])).map(
    ([name, property]): [string, JsonObject] => {
      const description = descriptions[name];
      if (description === undefined)
        throw new TypeError(`The property ${name} has no description.`);
      return [name, { ...jsonObject(property), description }];
    },
  );
  return { ...schema, properties: Object.fromEntries(properties) };
}
