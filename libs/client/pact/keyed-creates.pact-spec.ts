import { describe, expect, it } from '@jest/globals';
import { DOCUMENTED, OPAQUE_ID } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { BookingsApiError } from '../src/index.ts';
import { createWithReport, type ExpectedError, graphError, pact } from './bookings-api.ts';

const { regex } = MatchersV3;

const { id: ID } = DOCUMENTED;

const READY = ['the caller may create booking customers', 'the booking business exists'];
/** The one that the states speak of. */
const KEY = 'order-1762';
const JONI = { displayName: 'Joni Sherman' };
const KEPT = { ...JONI, id: ID, addresses: [], phones: [] };
const WAIT = { 'Retry-After': regex(/^\d+$/, '1') };

describe('a create under a key', () => {
  it('that was answered before is answered with the same customer, and says so', async () => {
    const report = await createWithReport(
      {
        states: [...READY, 'the customer was created under the key order-1762'],
        receiving: 'a request to create a customer that was created under the same key',
        customer: JONI,
        key: KEY,
      },
      {
        status: 201,
        headers: { 'Idempotent-Replayed': 'true' },
        body: KEPT,
        rules: OPAQUE_ID,
      },
    );
    expect(report).toEqual({
      customer: KEPT,
      idempotencyKey: KEY,
      replayed: true,
      warning: undefined,
    });
  });

  it('whose answer from Graph is lost is answered with the customer that is found', async () => {
    const report = await createWithReport(
      {
        states: [...READY, 'Graph breaks the connection off without an answer'],
        receiving: 'a request to create a customer whose answer from Graph is lost, under a key',
        customer: JONI,
      },
      { status: 201, body: KEPT, rules: OPAQUE_ID },
    );
    expect(report).toMatchObject({ customer: KEPT, replayed: false });
  });

  it('whose name Graph does not store says so', async () => {
    const customer = { ...JONI, emailAddress: 'jonis@relecloud.com' };
    const kept = { ...customer, displayName: 'jonis@relecloud.com', id: ID };
    const report = await createWithReport(
      {
        states: [...READY, 'Graph stores the e-mail address as the name, for good'],
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

describe('a create without a key', () => {
  it('is answered all the same', async () => {
    const report = await createWithReport(
      {
        states: READY,
        receiving: 'a request to create a customer without an Idempotency-Key',
        customer: JONI,
        key: null,
      },
      { status: 201, body: KEPT, rules: OPAQUE_ID },
    );
    expect(report).toMatchObject({ customer: KEPT, idempotencyKey: undefined });
  });
});

interface Refusal extends ExpectedError {
  readonly state: string;
  readonly receiving: string;
  readonly key?: string;
  readonly status: number;
  readonly waits: boolean;
}

const REFUSALS: readonly Refusal[] = [
  {
    state: 'a create of the customer is under way under the key order-1762',
    receiving: 'a request to create a customer under a key that is in use',
    key: KEY,
    status: 409,
    code: 'IdempotencyKeyInUse',
    message: 'A create with this Idempotency-Key is under way.',
    waits: true,
  },
  {
    state: 'a create of the customer is under way under the key order-1762',
    receiving: 'a request to create a customer that is being created under another key',
    key: 'order-1763',
    status: 409,
    code: 'IdempotencyKeyInUse',
    message: 'A create of the same customer in this business is under way.',
    waits: true,
  },
  {
    state: 'another customer was created under the key order-1762',
    receiving: 'a request to create a customer under the key of another customer',
    key: KEY,
    status: 422,
    code: 'IdempotencyKeyReused',
    message: 'This Idempotency-Key was sent before with another body.',
    waits: false,
  },
  {
    state: 'nobody knows what became of the create under the key order-1762',
    receiving: 'a request to create a customer under a key of which nobody knows what became',
    key: KEY,
    status: 504,
    code: 'GatewayTimeout',
    message: 'An earlier attempt under this Idempotency-Key may have created the customer.',
    outcome: 'unknown',
    waits: true,
  },
  {
    state: 'creates cannot be remembered',
    receiving: 'a request to create a customer when that cannot be remembered',
    status: 503,
    code: 'ServiceUnavailable',
    message: 'This create could not be remembered, so nothing was sent to Graph.',
    outcome: 'not-sent',
    waits: true,
  },
];

describe('a create under a key that is refused', () => {
  it.each(REFUSALS)('$receiving ends with $status $code', async (refusal) => {
    const { state, receiving, key, status, code, message, waits } = refusal;
    const asking = { states: [...READY, state], receiving, customer: JONI };
    const error = await createWithReport(
      { ...asking, ...(key !== undefined && { key }) },
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
