import { describe, expect, it } from '@jest/globals';
import {
  BASE64_ID,
  CUSTOMER_STATES,
  DECLARED,
  DOCUMENTED,
  fromState,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
} from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { type PactCase, callClient, pact } from './bookings-api.ts';

const { regex } = MatchersV3;

const { business: B, customer: JONI_SHERMAN, id: ID } = DOCUMENTED;
const STORED = { ...DECLARED, id: ID };

const { exists, oneCustomer: KNOWN, twoCustomers: MANY } = CUSTOMER_STATES;
const MAY_READ = ['the caller may read booking customers', exists];
const MAY_WRITE = ['the caller may create booking customers', exists];
const BASE64 = {
  name: 'the booking business has a customer whose id in Base64 has + and / and =',
  parameters: { customer: JONI_SHERMAN },
};
/** The path of a customer. */
const ONE = { segment: '/${customerId}', exampleSegment: `/${ID}` };
const FILTER = "microsoft.graph.bookingCustomer/emailAddress eq 'jonis@relecloud.com'";
/** Below the address of the API. */
const CUSTOMERS = `v1.0/solutions/bookingBusinesses/${encodeURIComponent(B)}/customers`;
const ORIGIN = 'https://bookings.contoso.com';
/** Links have this address. Pact's verifier replaces no values of an expected response. */
const PUBLIC = { name: 'the API has a public address', parameters: { address: ORIGIN } };
const NEXT_LINK = `${ORIGIN}/${CUSTOMERS}?$top=1&$skiptoken=opaque`;
const OWN_LINK = new RegExp(
  `^${`${ORIGIN}/${CUSTOMERS}`.replaceAll('.', '[.]')}[?][$]top=1&[$]skiptoken=[^&\\s]+$`,
);

const SUCCESSFUL: readonly PactCase[] = [
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for a customer',
    method: 'GET',
    ...ONE,
    call: (client) => client.getCustomer(B, ID),
    response: { status: 200, body: STORED, rules: OPAQUE_ID },
    result: STORED,
  },
  {
    states: [BASE64, ...MAY_READ],
    receiving: 'a request for a customer whose id in Base64 must be encoded',
    method: 'GET',
    segment: '/${customerId}',
    exampleSegment: `/${encodeURIComponent(BASE64_ID)}`,
    call: (client) => client.getCustomer(B, BASE64_ID),
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
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the customers with an e-mail address',
    method: 'GET',
    query: { $filter: FILTER },
    call: (client) => client.listCustomers(B, { filter: FILTER }),
    response: { status: 200, body: { value: [STORED] }, rules: OPAQUE_ID_LISTED },
    result: { customers: [STORED] },
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the customers with an e-mail address that no customer has',
    method: 'GET',
    query: { $filter: FILTER.replace('jonis', 'adelev') },
    call: (client) => client.listCustomers(B, { filter: FILTER.replace('jonis', 'adelev') }),
    response: { status: 200, body: { value: [] } },
    result: { customers: [] },
  },
  {
    states: [...MAY_READ, PUBLIC, MANY],
    receiving: 'a request for a page of customers that is not the last one',
    method: 'GET',
    query: { $top: '1' },
    call: (client) => client.listCustomers(B, { top: 1 }),
    response: {
      status: 200,
      body: {
        value: [STORED],
        '@odata.nextLink': regex(OWN_LINK, NEXT_LINK),
      },
      rules: OPAQUE_ID_LISTED,
    },
    result: { customers: [STORED], nextLink: NEXT_LINK },
  },
  {
    states: [...MAY_READ, MANY],
    receiving: 'a request for the last page of customers through a next link',
    method: 'GET',
    query: { $top: '1', $skiptoken: fromState('${skipToken}', 'opaque') },
    call: (client, url) => client.nextPage(NEXT_LINK.replace(ORIGIN, () => url)),
    response: { status: 200, body: { value: [STORED] }, rules: OPAQUE_ID_LISTED },
    result: { customers: [STORED] },
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
    ...ONE,
    body: { displayName: 'Joni S.' },
    call: (client) => client.updateCustomer(B, ID, { displayName: 'Joni S.' }),
    response: { status: 200, body: { id: ID, displayName: 'Joni S.' }, rules: OPAQUE_ID },
    result: { id: ID, displayName: 'Joni S.' },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to remove the e-mail address of a customer',
    method: 'PATCH',
    ...ONE,
    body: { emailAddress: null },
    call: (client) => client.updateCustomer(B, ID, { emailAddress: null }),
    response: { status: 200, body: { id: ID, emailAddress: null }, rules: OPAQUE_ID },
    result: { id: ID, emailAddress: null },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer',
    method: 'DELETE',
    ...ONE,
    call: (client) => client.deleteCustomer(B, ID).then(() => 'deleted'),
    response: { status: 204 },
    result: 'deleted',
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer on the condition that it exists',
    method: 'DELETE',
    ...ONE,
    ifMatch: '*',
    call: (client) => client.deleteCustomer(B, ID, { ifMatch: '*' }).then(() => 'deleted'),
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
