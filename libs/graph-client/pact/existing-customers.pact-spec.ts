import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  DOCUMENTED,
  type ExpectedResponse,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
  pactFile,
} from '@bookings/contracts';
import { BookingCustomerChanges, type UpstreamRequest } from '@bookings/domain';
import { MatchersV3 } from '@pact-foundation/pact';
import type { GraphClient } from '../src/index.ts';
import { type RequestSituation, callClient, pact } from './microsoft-graph.ts';

const { regex, string } = MatchersV3;

const { business: B, customer: JONI_SHERMAN, id: ID } = DOCUMENTED;
const STORED = { ...JONI_SHERMAN, id: ID };
const TYPE = '#microsoft.graph.bookingCustomer';
const NAME = Object.assign(new BookingCustomerChanges(), { displayName: 'Joni S.' });
const CHANGES = { '@odata.type': TYPE, displayName: 'Joni S.' };
const OURS = 'https://bookings.contoso.com/customers';

const BUSINESS_EXISTS = 'the booking business exists';
const MAY_READ = ['the application may read booking customers', BUSINESS_EXISTS];
const MAY_WRITE = ['the application may create booking customers', BUSINESS_EXISTS];
const KNOWN = 'the booking business has the customer of the page';
const MANY = 'the booking business has more customers than fit on a page';

interface PactCase extends RequestSituation {
  readonly call: (client: GraphClient, request: UpstreamRequest) => Promise<unknown>;
  readonly response: ExpectedResponse;
  readonly result: Readonly<Record<string, unknown>>;
}

const SUCCESSFUL: readonly PactCase[] = [
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for a customer',
    method: 'GET',
    segment: `/${ID}`,
    call: (client, request) => client.getCustomer(B, ID, '', request),
    response: { status: 200, body: STORED, rules: OPAQUE_ID },
    result: { status: 200 },
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the customers of a business with one',
    method: 'GET',
    call: (client, request) => client.listCustomers(B, '', OURS, request),
    response: { status: 200, body: { value: [STORED] }, rules: OPAQUE_ID_LISTED },
    result: { status: 200 },
  },
  {
    states: MAY_READ,
    receiving: 'a request for the customers of a business without any',
    method: 'GET',
    call: (client, request) => client.listCustomers(B, '', OURS, request),
    response: { status: 200, body: { value: [] } },
    result: { status: 200 },
  },
  {
    states: [...MAY_READ, MANY],
    receiving: 'a request for a page of customers that is not the last one',
    method: 'GET',
    query: { $top: '1' },
    // The client refuses the link, because the mock provider has another address.
    call: (client, request) => client.listCustomers(B, '$top=1', OURS, request),
    response: {
      status: 200,
      body: {
        value: [STORED],
        '@odata.nextLink': regex(
          /^https?:[/][/]\S+[/]v1\.0[/]solutions[/]bookingBusinesses\S+[/]customers[?]\S+$/,
          `https://graph.microsoft.com/v1.0/solutions/bookingBusinesses/${B}/customers?$skiptoken=x`,
        ),
      },
      rules: OPAQUE_ID_LISTED,
    },
    result: { name: 'GraphError', status: 502, outcome: undefined },
  },
  {
    // A lookup follows the links to the last page.
    states: [...MAY_READ, 'a link of Graph leads to the last customer of the booking business'],
    receiving: 'a request for the last page of customers through a next link',
    method: 'GET',
    query: { $skiptoken: 'opaque' },
    call: (client, request) => client.listCustomers(B, '$skiptoken=opaque', OURS, request),
    response: { status: 200, body: { value: [STORED] }, rules: OPAQUE_ID_LISTED },
    result: { status: 200 },
  },
  {
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the number of customers',
    method: 'GET',
    segment: '/$count',
    accept: 'text/plain',
    call: (client, request) => client.countCustomers(B, '', request),
    response: { status: 200, text: '1' },
    result: { status: 200, body: Buffer.from('1') },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    // The display-name repair sends this request.
    receiving: 'a request to change the name of a customer',
    method: 'PATCH',
    segment: `/${ID}`,
    body: CHANGES,
    call: (client, request) => client.updateCustomer(B, ID, NAME, request),
    response: { status: 200, body: { ...STORED, displayName: 'Joni S.' }, rules: OPAQUE_ID },
    result: { status: 200 },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer',
    method: 'DELETE',
    segment: `/${ID}`,
    call: (client, request) => client.deleteCustomer(B, ID, request),
    response: { status: 204 },
    result: { status: 204, body: Buffer.alloc(0) },
  },
];

// The contract with callers promises this code.
const body = { error: { code: 'ErrorItemNotFound', message: string("Graph's own words.") } };
const notFound = {
  response: { status: 404, body },
  result: { name: 'GraphError', status: 404, code: 'ErrorItemNotFound', outcome: undefined },
};

const REFUSED: readonly PactCase[] = [
  {
    states: MAY_READ,
    receiving: 'a request for a missing customer',
    method: 'GET',
    segment: '/nobody',
    call: (client, request) => client.getCustomer(B, 'nobody', '', request),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to change a missing customer',
    method: 'PATCH',
    segment: '/nobody',
    body: CHANGES,
    call: (client, request) => client.updateCustomer(B, 'nobody', NAME, request),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to delete a missing customer',
    method: 'DELETE',
    segment: '/nobody',
    call: (client, request) => client.deleteCustomer(B, 'nobody', request),
    ...notFound,
  },
];

describe('a request for existing customers', () => {
  it.each([...SUCCESSFUL, ...REFUSED])(
    '$receiving is $response.status',
    async ({ call, response, result, ...situation }) => {
      expect(await callClient(situation, response, call)).toMatchObject(result);
    },
  );
});

describe('the pact', () => {
  it('has no Idempotency-Key', () => {
    const file = pactFile('bookings-api', 'microsoft-graph');
    expect(readFileSync(file, 'utf8')).not.toMatch(/idempot/i);
  });

  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
