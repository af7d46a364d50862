/**
 * The example of Microsoft's page "Create bookingCustomer", which both contracts use. The fake has
 * its own copy, because the contracts verify the fake.
 */
export const DOCUMENTED = {
  business: 'Contosolunchdelivery@contoso.onmicrosoft.com',
  id: '36038f36-634e-44e4-9415-d7d59c2347aa',
  customer: {
    '@odata.type': '#microsoft.graph.bookingCustomer',
    displayName: 'Joni Sherman',
    emailAddress: 'jonis@relecloud.com',
    addresses: [
      {
        postOfficeBox: '',
        street: '4567 Main Street',
        city: 'Buffalo',
        state: 'NY',
        countryOrRegion: 'USA',
        postalCode: '98052',
        type: 'home' as const,
      },
      {
        postOfficeBox: '',
        street: '4570 Main Street',
        city: 'Buffalo',
        state: 'NY',
        countryOrRegion: 'USA',
        postalCode: '98054',
        type: 'business' as const,
      },
    ],
    phones: [
      { number: '206-555-0100', type: 'home' as const },
      { number: '206-555-0200', type: 'business' as const },
    ],
  },
};

const { '@odata.type': _type, addresses, ...others } = DOCUMENTED.customer;

/**
 * What the v1.0 schema declares of the documented customer. An address has neither a type nor a
 * postOfficeBox there. Without `@odata.type`, which depends on the metadata that was asked for.
 */
export const DECLARED = {
  ...others,
  addresses: addresses.map(({ street, city, state, countryOrRegion, postalCode }) => ({
    street,
    city,
    state,
    countryOrRegion,
    postalCode,
  })),
};

/** The documented customer in provider states. */
export const CUSTOMER_STATES = {
  exists: {
    name: 'the booking business exists',
    parameters: { business: DOCUMENTED.business },
  },
  missing: {
    name: 'the booking business does not exist',
    parameters: { business: 'nobody@contoso.onmicrosoft.com' },
  },
  oneCustomer: {
    name: 'the booking business has customers',
    parameters: { customer: DOCUMENTED.customer, count: 1 },
  },
  twoCustomers: {
    name: 'the booking business has customers',
    parameters: { customer: DOCUMENTED.customer, count: 2 },
  },
};

/** An id in Base64 has characters that a path must encode. */
export const BASE64_ID =
  'AAQkADcwNDg2ZTk0LTNlNWQtNDU1OS05MzZkLTlkYjVlMjcxMGU4YwAQAFDnKI+tjV9Hn6/a4Pvq3ko=';
