import { describe, expect, it } from '@jest/globals';
import {
  DOCUMENTED,
  type ExpectedResponse,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
} from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import type { BookingsClient } from '../src/index.ts';
import { asked, graphError, pact } from './bookings-api.ts';

const { regex, string } = MatchersV3;

const { business: B, customer: JONI_SHERMAN, id: ID } = DOCUMENTED;
const KEPT = { ...JONI_SHERMAN, id: ID };

const BUSINESS_EXISTS = 'the booking business exists';
const MAY_READ = ['the caller may read booking customers', BUSINESS_EXISTS];
const MAY_WRITE = ['the caller may create booking customers', BUSINESS_EXISTS];
const READER = ['the caller lacks the permission to create booking customers', BUSINESS_EXISTS];
const KNOWN = 'the booking business has the customer of the page';
const MANY = 'the booking business has more customers than fit on a page';
const NEXT_LINK =
  'https://bookings.contoso.com/v1.0/solutions/bookingBusinesses/Contosolunchdelivery%40contoso.onmicrosoft.com/customers?$top=1&$skiptoken=opaque';

interface Asked {
  readonly states: readonly string[];
  readonly receiving: string;
  readonly method: string;
  readonly segment?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly call: (client: BookingsClient) => Promise<unknown>;
  readonly response: ExpectedResponse;
  /** What the client gives back. */
  readonly gives: unknown;
}

interface Refused extends Asked {
  /** Of the error that the client throws. */
  readonly gives: Readonly<Record<string, unknown>>;
}

const ANSWERED: readonly Asked[] = [
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for a customer',
    method: 'GET',
    segment: `/${ID}`,
    call: (client) => client.getCustomer(B, ID),
    response: { status: 200, body: KEPT, rules: OPAQUE_ID },
    gives: KEPT,
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the customers of a business with one',
    method: 'GET',
    call: (client) => client.listCustomers(B),
    response: { status: 200, body: { value: [KEPT] }, rules: OPAQUE_ID_LISTED },
    gives: { customers: [KEPT] },
  },
  {
    states: MAY_READ,
    receiving: 'a request for the customers of a business without any',
    method: 'GET',
    call: (client) => client.listCustomers(B),
    response: { status: 200, body: { value: [] } },
    gives: { customers: [] },
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
        value: [KEPT],
        '@odata.nextLink': regex(
          /^https?:[/][/]\S+[/]v1\.0[/]solutions[/]bookingBusinesses[/]\S+[/]customers[?]\S+$/,
          NEXT_LINK,
        ),
      },
      rules: OPAQUE_ID_LISTED,
    },
    gives: { customers: [KEPT], nextLink: NEXT_LINK },
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the number of customers',
    method: 'GET',
    segment: '/$count',
    call: (client) => client.countCustomers(B),
    response: { status: 200, text: '1' },
    gives: 1,
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to change the name of a customer',
    method: 'PATCH',
    segment: `/${ID}`,
    body: { displayName: 'Joni S.' },
    call: (client) => client.updateCustomer(B, ID, { displayName: 'Joni S.' }),
    response: { status: 200, body: { ...KEPT, displayName: 'Joni S.' }, rules: OPAQUE_ID },
    gives: { ...KEPT, displayName: 'Joni S.' },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer',
    method: 'DELETE',
    segment: `/${ID}`,
    call: (client) => client.deleteCustomer(B, ID).then(() => 'deleted'),
    response: { status: 204 },
    gives: 'deleted',
  },
];

const notFound = {
  response: {
    status: 404,
    body: graphError({ code: 'ErrorItemNotFound', message: 'The object was not found.' }),
  },
  gives: { status: 404, code: 'ErrorItemNotFound', outcome: undefined },
};
const denied = {
  response: {
    status: 403,
    body: graphError({
      code: 'Authorization_RequestDenied',
      message: 'One of these permissions is needed: BookingsAppointment.ReadWrite.All.',
    }),
  },
  gives: { status: 403, code: 'Authorization_RequestDenied', outcome: undefined },
};
const NAME = { displayName: 'Joni S.' };

const REFUSED: readonly Refused[] = [
  {
    states: MAY_READ,
    receiving: 'a request for a customer that is not there',
    method: 'GET',
    segment: '/nobody',
    call: (client) => client.getCustomer(B, 'nobody'),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to change a customer that is not there',
    method: 'PATCH',
    segment: '/nobody',
    body: NAME,
    call: (client) => client.updateCustomer(B, 'nobody', NAME),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to delete a customer that is not there',
    method: 'DELETE',
    segment: '/nobody',
    call: (client) => client.deleteCustomer(B, 'nobody'),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to change nothing of a customer',
    method: 'PATCH',
    segment: `/${ID}`,
    body: {},
    call: (client) => client.updateCustomer(B, ID, {}),
    response: {
      status: 400,
      body: graphError({
        code: 'BadRequest',
        message: 'The request body breaks one rule; see details.',
        details: [{ code: 'RequiredProperty', target: '', message: string('It must be there.') }],
      }),
    },
    gives: { status: 400, code: 'BadRequest', outcome: undefined },
  },
  {
    states: READER,
    receiving: 'a request to change a customer from a caller who may only read',
    method: 'PATCH',
    segment: `/${ID}`,
    body: NAME,
    call: (client) => client.updateCustomer(B, ID, NAME),
    ...denied,
  },
  {
    states: READER,
    receiving: 'a request to delete a customer from a caller who may only read',
    method: 'DELETE',
    segment: `/${ID}`,
    call: (client) => client.deleteCustomer(B, ID),
    ...denied,
  },
];

describe('what is kept of customers', () => {
  it.each(ANSWERED)('$receiving is answered', async ({ call, response, gives, ...asking }) => {
    expect(await asked(asking, response, call)).toEqual(gives);
  });

  it.each(REFUSED)('$receiving is refused', async ({ call, response, gives, ...asking }) => {
    expect(await asked(asking, response, call)).toMatchObject(gives);
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
