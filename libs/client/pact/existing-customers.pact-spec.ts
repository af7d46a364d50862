import { describe, expect, it } from '@jest/globals';
import { DOCUMENTED, OPAQUE_ID, OPAQUE_ID_LISTED } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { type PactCase, callClient, pact } from './bookings-api.ts';

const { regex } = MatchersV3;

const { business: B, customer: JONI_SHERMAN, id: ID } = DOCUMENTED;
const STORED = { ...JONI_SHERMAN, id: ID };

const BUSINESS_EXISTS = 'the booking business exists';
const MAY_READ = ['the caller may read booking customers', BUSINESS_EXISTS];
const MAY_WRITE = ['the caller may create booking customers', BUSINESS_EXISTS];
const KNOWN = 'the booking business has the customer of the page';
const MANY = 'the booking business has more customers than fit on a page';
const NEXT_LINK =
  'https://bookings.contoso.com/v1.0/solutions/bookingBusinesses/Contosolunchdelivery%40contoso.onmicrosoft.com/customers?$top=1&$skiptoken=opaque';

const SUCCESSFUL: readonly PactCase[] = [
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for a customer',
    method: 'GET',
    segment: `/${ID}`,
    call: (client) => client.getCustomer(B, ID),
    response: { status: 200, body: STORED, rules: OPAQUE_ID },
    result: STORED,
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the customers of a business with one',
    method: 'GET',
    call: (client) => client.listCustomers(B),
    response: { status: 200, body: { value: [STORED] }, rules: OPAQUE_ID_LISTED },
    result: { customers: [STORED] },
  },
  {
    states: MAY_READ,
    receiving: 'a request for the customers of a business without any',
    method: 'GET',
    call: (client) => client.listCustomers(B),
    response: { status: 200, body: { value: [] } },
    result: { customers: [] },
  },
  {
    states: [...MAY_READ, MANY],
    receiving: 'a request for a page of customers that is not the last one',
    method: 'GET',
    query: { $top: '1' },
    call: (client) => client.listCustomers(B, { top: 1 }),
    response: {
      status: 200,
      body: {
        value: [STORED],
        '@odata.nextLink': regex(
          /^https?:[/][/]\S+[/]v1\.0[/]solutions[/]bookingBusinesses[/]\S+[/]customers[?]\S+$/,
          NEXT_LINK,
        ),
      },
      rules: OPAQUE_ID_LISTED,
    },
    result: { customers: [STORED], nextLink: NEXT_LINK },
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the number of customers',
    method: 'GET',
    segment: '/$count',
    call: (client) => client.countCustomers(B),
    response: { status: 200, text: '1' },
    result: 1,
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to change the name of a customer',
    method: 'PATCH',
    segment: `/${ID}`,
    body: { displayName: 'Joni S.' },
    call: (client) => client.updateCustomer(B, ID, { displayName: 'Joni S.' }),
    response: { status: 200, body: { ...STORED, displayName: 'Joni S.' }, rules: OPAQUE_ID },
    result: { ...STORED, displayName: 'Joni S.' },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer',
    method: 'DELETE',
    segment: `/${ID}`,
    call: (client) => client.deleteCustomer(B, ID).then(() => 'deleted'),
    response: { status: 204 },
    result: 'deleted',
  },
];

describe('a request for existing customers', () => {
  it.each(SUCCESSFUL)(
    '$receiving is answered',
    async ({ call, response, result, ...situation }) => {
      expect(await callClient(situation, response, call)).toEqual(result);
    },
  );
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
