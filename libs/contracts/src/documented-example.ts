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
