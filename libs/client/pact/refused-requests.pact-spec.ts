import { describe, expect, it } from '@jest/globals';
import { CUSTOMER_STATES, DOCUMENTED } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { type PactCase, callClient, graphError, pact } from './bookings-api.ts';

const { string } = MatchersV3;

const { business: B, id: ID } = DOCUMENTED;

const BUSINESS_EXISTS = CUSTOMER_STATES.exists;
const MAY_READ = ['the caller may read booking customers', BUSINESS_EXISTS];
const MAY_WRITE = ['the caller may create booking customers', BUSINESS_EXISTS];
const READER = ['the caller lacks the permission to create booking customers', BUSINESS_EXISTS];

interface Refused extends PactCase {
  /** Of the error that the client throws. */
  readonly result: Readonly<Record<string, unknown>>;
}

const notFound = {
  response: {
    status: 404,
    body: graphError({ code: 'ErrorItemNotFound', message: 'The object was not found.' }),
  },
  result: { status: 404, code: 'ErrorItemNotFound', outcome: undefined },
};
const accessDenied = {
  response: {
    status: 403,
    body: graphError({
      code: 'Authorization_RequestDenied',
      message: 'One of these permissions is needed: BookingsAppointment.ReadWrite.All.',
    }),
  },
  result: { status: 403, code: 'Authorization_RequestDenied', outcome: undefined },
};
const NAME = { displayName: 'Joni S.' };

const REFUSED: readonly Refused[] = [
  {
    states: MAY_READ,
    receiving: 'a request for a missing customer',
    method: 'GET',
    segment: '/nobody',
    call: (client) => client.getCustomer(B, 'nobody'),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to change a missing customer',
    method: 'PATCH',
    segment: '/nobody',
    body: NAME,
    call: (client) => client.updateCustomer(B, 'nobody', NAME),
    ...notFound,
  },
  {
    states: MAY_WRITE,
    receiving: 'a request to delete a missing customer',
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
    result: { status: 400, code: 'BadRequest', outcome: undefined },
  },
  {
    states: READER,
    receiving: 'a request to change a customer from a caller who may only read',
    method: 'PATCH',
    segment: `/${ID}`,
    body: NAME,
    call: (client) => client.updateCustomer(B, ID, NAME),
    ...accessDenied,
  },
  {
    states: READER,
    receiving: 'a request to delete a customer from a caller who may only read',
    method: 'DELETE',
    segment: `/${ID}`,
    call: (client) => client.deleteCustomer(B, ID),
    ...accessDenied,
  },
];

describe('a request about kept customers', () => {
  it.each(REFUSED)('$receiving is refused', async ({ call, response, result, ...situation }) => {
    expect(await callClient(situation, response, call)).toMatchObject(result);
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
