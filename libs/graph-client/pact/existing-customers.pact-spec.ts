import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  BASE64_ID,
  CUSTOMER_STATES,
  DECLARED,
  DOCUMENTED,
  type ExpectedResponse,
  fromState,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
  ownLink,
  pactFile,
} from '@bookings/contracts';
import { BookingCustomerChanges, type UpstreamRequest } from '@bookings/domain';
import { MatchersV3 } from '@pact-foundation/pact';
import type { GraphClient } from '../src/index.ts';
import { type RequestSituation, callClient, pact } from './microsoft-graph.ts';

const { string } = MatchersV3;

const { business: B, id: ID } = DOCUMENTED;
const STORED = { ...DECLARED, id: ID };
const TYPE = '#microsoft.graph.bookingCustomer';
const OURS = 'https://bookings.contoso.com/customers';
/** The path of a customer. */
const ONE = '/${customerId}';
const EXAMPLE = `/${encodeURIComponent(BASE64_ID)}`;
/** `microsoft.graph.bookingCustomer` is the cast without which the declared type has only an id. */
const FILTER = "microsoft.graph.bookingCustomer/emailAddress eq 'jonis@relecloud.com'";

const { exists, oneCustomer: KNOWN, twoCustomers: MANY } = CUSTOMER_STATES;
const MAY_READ = ['the application may read booking customers', exists];
const MAY_WRITE = ['the application may create booking customers', exists];

const changes = (members: Partial<BookingCustomerChanges>) =>
  Object.assign(new BookingCustomerChanges(), members);

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
    segment: ONE,
    exampleSegment: EXAMPLE,
    call: (client, request) => client.getCustomer(B, BASE64_ID, '', request),
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
    states: [...MAY_READ, KNOWN],
    receiving: 'a request for the customers with an e-mail address',
    method: 'GET',
    query: { $filter: FILTER },
    call: (client, request) =>
      client.listCustomers(B, `$filter=${encodeURIComponent(FILTER)}`, OURS, request),
    response: { status: 200, body: { value: [STORED] }, rules: OPAQUE_ID_LISTED },
    result: { status: 200 },
  },
  {
    states: [...MAY_READ, MANY],
    receiving: 'a request for a page of customers that is not the last one',
    method: 'GET',
    query: { $top: '1' },
    call: (client, request) => client.listCustomers(B, '$top=1', OURS, request),
    response: {
      status: 200,
      body: {
        value: [STORED],
        '@odata.nextLink': ownLink(
          /\/v1\.0\/solutions\/bookingBusinesses\/\S+\/customers[?]\S+/,
          `https://graph.microsoft.com/v1.0/solutions/bookingBusinesses/${encodeURIComponent(B)}/customers?$top=1&$skiptoken=x`,
        ),
      },
      rules: OPAQUE_ID_LISTED,
    },
    // The client makes the link its own.
    result: { status: 200, body: expect.objectContaining({ length: expect.any(Number) }) },
  },
  {
    states: [...MAY_READ, MANY],
    receiving: 'a request for the last page of customers through a next link',
    method: 'GET',
    query: { $top: '1', $skiptoken: fromState('${skipToken}', 'opaque') },
    call: (client, request) => client.listCustomers(B, '$top=1&$skiptoken=opaque', OURS, request),
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
    segment: ONE,
    exampleSegment: EXAMPLE,
    body: { '@odata.type': TYPE, displayName: 'Joni S.' },
    call: (client, request) =>
      client.updateCustomer(B, BASE64_ID, changes({ displayName: 'Joni S.' }), request),
    response: { status: 200, body: { id: ID, displayName: 'Joni S.' }, rules: OPAQUE_ID },
    result: { status: 200 },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to remove the e-mail address of a customer',
    method: 'PATCH',
    segment: ONE,
    exampleSegment: EXAMPLE,
    body: { '@odata.type': TYPE, emailAddress: null },
    call: (client, request) =>
      client.updateCustomer(B, BASE64_ID, changes({ emailAddress: null }), request),
    response: { status: 200, body: { id: ID, emailAddress: null }, rules: OPAQUE_ID },
    result: { status: 200 },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer',
    method: 'DELETE',
    segment: ONE,
    exampleSegment: EXAMPLE,
    call: (client, request) => client.deleteCustomer(B, BASE64_ID, request),
    response: { status: 204 },
    result: { status: 204, body: Buffer.alloc(0) },
  },
  {
    states: [...MAY_WRITE, KNOWN],
    receiving: 'a request to delete a customer on the condition that it exists',
    method: 'DELETE',
    segment: ONE,
    exampleSegment: EXAMPLE,
    ifMatch: '*',
    call: (client, request) => client.deleteCustomer(B, BASE64_ID, request),
    response: { status: 204 },
    result: { status: 204 },
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
    body: { '@odata.type': TYPE, displayName: 'Joni S.' },
    call: (client, request) =>
      client.updateCustomer(B, 'nobody', changes({ displayName: 'Joni S.' }), request),
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
