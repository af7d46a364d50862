import { describe, expect, it } from '@jest/globals';
import { CUSTOMER_STATES, DOCUMENTED, OPAQUE_ID, type State } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { BookingsApiError } from '../src/index.ts';
import { createWithReport, type ExpectedError, graphError, pact } from './bookings-api.ts';

const { regex } = MatchersV3;

const { id: ID } = DOCUMENTED;

const READY = ['the caller may create booking customers', CUSTOMER_STATES.exists];
/** The key of the provider states. */
const KEY = 'order-1762';
const JONI = { displayName: 'Joni Sherman' };
const STORED = { ...JONI, id: ID };
const keyed = (name: string, customer = JONI) => ({ name, parameters: { key: KEY, customer } });
const IN_PROGRESS = keyed('a create of the customer is in progress under the key');
const CREATED = 'a customer was created under the key';
const WAIT = { 'Retry-After': regex(/^\d+$/, '1') };

describe('a create with an Idempotency-Key', () => {
  it('that was answered before gets the same customer, marked as replayed', async () => {
    const report = await createWithReport(
      {
        states: [...READY, keyed(CREATED)],
        receiving: 'a request to create a customer that was created under the same key',
        customer: JONI,
        key: KEY,
      },
      {
        status: 201,
        headers: { 'Idempotent-Replayed': 'true' },
        body: STORED,
        rules: OPAQUE_ID,
      },
    );
    expect(report).toEqual({
      customer: STORED,
      idempotencyKey: KEY,
      replayed: true,
      warning: undefined,
    });
  });

  it('gets the customer that a lookup finds if the response of Graph is lost', async () => {
    const report = await createWithReport(
      {
        states: [...READY, 'Graph closes the connection without a response'],
        receiving:
          'a request to create a customer with a key, for which the response of Graph is lost',
        customer: JONI,
      },
      { status: 201, body: STORED, rules: OPAQUE_ID },
    );
    expect(report).toMatchObject({ customer: STORED, replayed: false });
  });

  it('gets a warning if Graph does not store the name', async () => {
    const customer = { ...JONI, emailAddress: 'jonis@relecloud.com' };
    const kept = { ...customer, displayName: 'jonis@relecloud.com', id: ID };
    const report = await createWithReport(
      {
        states: [...READY, 'Graph stores the e-mail address as the name permanently'],
        receiving: 'a request to create a customer whose name cannot be stored',
        customer,
      },
      {
        status: 201,
        headers: { 'Bookings-Warning': 'display-name-not-stored' },
        body: kept,
        rules: OPAQUE_ID,
      },
    );
    expect(report).toMatchObject({ customer: kept, warning: 'display-name-not-stored' });
  });
});

describe('a create without an Idempotency-Key', () => {
  it('is answered with the customer', async () => {
    const report = await createWithReport(
      {
        states: READY,
        receiving: 'a request to create a customer without an Idempotency-Key',
        customer: JONI,
        key: null,
      },
      { status: 201, body: STORED, rules: OPAQUE_ID },
    );
    expect(report).toMatchObject({ customer: STORED, idempotencyKey: undefined });
  });
});

interface Refusal extends ExpectedError {
  readonly state: State | string;
  readonly receiving: string;
  readonly key?: string;
  readonly status: number;
  readonly waits: boolean;
}

const REFUSALS: readonly Refusal[] = [
  {
    state: IN_PROGRESS,
    receiving: 'a request to create a customer under a key that is in use',
    key: KEY,
    status: 409,
    code: 'IdempotencyKeyInUse',
    message: 'A create with this Idempotency-Key is under way.',
    waits: true,
  },
  {
    state: IN_PROGRESS,
    receiving: 'a request to create a customer whose create is in progress under another key',
    key: 'order-1763',
    status: 409,
    code: 'IdempotencyKeyInUse',
    message: 'A create of the same customer in this business is under way.',
    waits: true,
  },
  {
    state: keyed(CREATED, { displayName: 'Adele Vance' }),
    receiving: 'a request to create a customer under the key of another customer',
    key: KEY,
    status: 422,
    code: 'IdempotencyKeyReused',
    message: 'This Idempotency-Key was sent before with another body.',
    waits: false,
  },
  {
    state: keyed('the outcome of the create under the key is unknown'),
    receiving: 'a request to create a customer under a key with an unknown outcome',
    key: KEY,
    status: 504,
    code: 'GatewayTimeout',
    message: 'An earlier attempt under this Idempotency-Key may have created the customer.',
    outcome: 'unknown',
    waits: true,
  },
  {
    state: 'the store of creates is unavailable',
    receiving: 'a request to create a customer when the store of creates is unavailable',
    status: 503,
    code: 'ServiceUnavailable',
    message: 'This create could not be remembered, so nothing was sent to Graph.',
    outcome: 'not-sent',
    waits: true,
  },
];

describe('a refused create with an Idempotency-Key', () => {
  it.each(REFUSALS)('$receiving ends with $status $code', async (refusal) => {
    const { state, receiving, key, status, code, message, waits } = refusal;
    const situation = { states: [...READY, state], receiving, customer: JONI };
    const error = await createWithReport(
      { ...situation, ...(key !== undefined && { key }) },
      { status, body: graphError(refusal), ...(waits && { headers: WAIT }) },
    );
    expect(error).toBeInstanceOf(BookingsApiError);
    expect(error).toMatchObject({ status, code, message });
    expect(error).toHaveProperty('retryAfterSeconds', waits ? 1 : undefined);
    const outcome = status === 409 ? 'unknown' : refusal.outcome;
    expect(error).toHaveProperty('outcome', outcome);
    expect(error).toHaveProperty('idempotencyKey', key ?? expect.any(String));
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
