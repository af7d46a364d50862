import { describe, expect, it } from '@jest/globals';
import { CUSTOMER_STATES, DOCUMENTED, type State } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { type BookingCustomer, BookingsApiError } from '../src/index.ts';
import { create, type ExpectedError, graphError, pact, REQUEST_ID } from './bookings-api.ts';

const { regex } = MatchersV3;

const { customer: JONI_SHERMAN } = DOCUMENTED;

const MAY_CREATE = 'the caller may create booking customers';
const { exists: BUSINESS_EXISTS, missing: BUSINESS_MISSING } = CUSTOMER_STATES;
const READY = [MAY_CREATE, BUSINESS_EXISTS];
const LOOKUP_TIMES_OUT = 'the outcome of a lost create cannot be looked up in time';
const MINIMAL = { displayName: 'Joni Sherman' };

interface Refusal extends ExpectedError {
  /** The provider states. */
  readonly states: readonly (State | string)[];
  readonly receiving: string;
  readonly status: number;
  readonly business?: string;
  /** By default, one with only a name. */
  readonly customer?: BookingCustomer;
  readonly retryAfter?: true;
}

const REFUSALS: readonly Refusal[] = [
  {
    states: ["the caller's token has expired"],
    receiving: 'a request to create a customer with an expired token',
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: 'The token has expired.',
  },
  {
    states: ['the caller lacks the permission to create booking customers', BUSINESS_EXISTS],
    receiving: 'a request to create a customer without the permission',
    status: 403,
    code: 'Authorization_RequestDenied',
    message: 'One of these permissions is needed: BookingsAppointment.ReadWrite.All.',
  },
  {
    states: ['the caller is a personal Microsoft account', BUSINESS_EXISTS],
    receiving: 'a request to create a customer from a personal Microsoft account',
    status: 403,
    code: 'Authorization_RequestDenied',
    message: 'Personal Microsoft accounts are not supported.',
  },
  {
    states: [MAY_CREATE, BUSINESS_MISSING],
    receiving: 'a request to create a customer of an unknown booking business',
    business: BUSINESS_MISSING.parameters.business,
    status: 404,
    code: 'ErrorNonExistentMailbox',
    message: 'The SMTP address has no mailbox associated with it.',
  },
  {
    states: [...READY, { name: 'request bodies have a limit', parameters: { bytes: 1024 } }],
    receiving: 'a request to create a customer in a body that is too large',
    customer: { ...JONI_SHERMAN, addresses: [1, 2, 3, 4].flatMap(() => JONI_SHERMAN.addresses) },
    status: 413,
    code: 'RequestEntityTooLarge',
    message: 'The body is larger than this service accepts.',
  },
  {
    states: [...READY, 'no more requests may wait for the booking business'],
    receiving: 'a request to create a customer when the queue of the business is full',
    status: 429,
    code: 'TooManyRequests',
    message: 'Too many requests wait for this business.',
    retryAfter: true,
  },
  {
    states: [...READY, 'Graph throttles for longer than the deadline of a request'],
    receiving: 'a request to create a customer while Graph throttles',
    status: 429,
    code: 'TooManyRequests',
    message: 'Please retry again later.',
    retryAfter: true,
  },
  {
    states: [...READY, 'Graph fails without a reason', LOOKUP_TIMES_OUT],
    receiving: 'a request to create a customer for which Graph fails without a reason',
    status: 500,
    code: 'UnknownError',
    message: '',
    outcome: 'unknown',
  },
  {
    states: [...READY, 'Graph cannot be reached'],
    receiving: 'a request to create a customer when Graph cannot be reached',
    status: 502,
    code: 'BadGateway',
    message: 'Graph could not be reached.',
    outcome: 'not-sent',
  },
  {
    states: [...READY, 'Graph closes the connection without a response', LOOKUP_TIMES_OUT],
    receiving: 'a request to create a customer for which the response of Graph is lost',
    status: 502,
    code: 'BadGateway',
    message: 'Graph broke off without an answer.',
    outcome: 'unknown',
  },
  {
    states: [...READY, 'Graph does not answer in time', LOOKUP_TIMES_OUT],
    receiving: 'a request to create a customer that Graph does not answer in time',
    status: 504,
    code: 'GatewayTimeout',
    message: 'Graph did not answer in time.',
    outcome: 'unknown',
  },
];

describe('a refused or failed create', () => {
  it.each(REFUSALS)('$receiving ends with $status $code', async (refusal) => {
    const {
      states,
      receiving,
      status,
      code,
      business,
      outcome,
      retryAfter,
      customer = MINIMAL,
    } = refusal;
    const error = await create(
      { states, receiving, customer, ...(business !== undefined && { business }) },
      {
        status,
        body: graphError(refusal),
        ...(retryAfter && { headers: { 'Retry-After': regex(/^\d+$/, '30') } }),
      },
    );
    const { message } = refusal;
    expect(error).toBeInstanceOf(BookingsApiError);
    expect(error).toMatchObject({
      status,
      code,
      requestId: REQUEST_ID,
      ...(message !== '' && { message }),
    });
    expect(error).toHaveProperty('outcome', outcome);
    expect(error).toHaveProperty('retryAfterSeconds', retryAfter && 30);
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
