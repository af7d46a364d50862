import { describe, expect, it } from '@jest/globals';
import { DOCUMENTED, OPAQUE_ID } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { create, graphError, pact } from './bookings-api.ts';

const { string } = MatchersV3;

const { customer: JONI_SHERMAN, id: ID } = DOCUMENTED;

const MAY_CREATE = 'the caller may create booking customers';
const BUSINESS_EXISTS = 'the booking business exists';
const READY = [MAY_CREATE, BUSINESS_EXISTS];
const MINIMAL = { displayName: 'Joni Sherman' };

describe('a create', () => {
  it('of the documented customer is answered with that customer and its id', async () => {
    const created = await create(
      {
        states: READY,
        receiving: 'a request to create the customer of the page "Create bookingCustomer"',
        customer: JONI_SHERMAN,
      },
      { status: 201, body: { ...JONI_SHERMAN, id: ID }, rules: OPAQUE_ID },
    );
    expect(created).toEqual({ ...JONI_SHERMAN, id: ID });
  });

  it('of only a name is answered with a customer without addresses and phones', async () => {
    const created = await create(
      {
        states: READY,
        receiving: 'a request to create a customer with only a name',
        customer: MINIMAL,
      },
      {
        status: 201,
        body: { ...MINIMAL, id: ID, addresses: [], phones: [] },
        rules: OPAQUE_ID,
      },
    );
    expect(created).toEqual({ ...MINIMAL, id: ID, addresses: [], phones: [] });
  });

  it('that breaks rules is refused with every violation and its path', async () => {
    const details = [
      { code: 'InvalidProperty', target: 'displayName' },
      { code: 'InvalidProperty', target: 'emailAddress' },
      { code: 'InvalidProperty', target: 'phones[0].number' },
    ];
    const error = await create(
      {
        states: READY,
        receiving: 'a request to create a customer that breaks three rules',
        customer: { displayName: '', emailAddress: 'jonis', phones: [{ number: '0'.repeat(65) }] },
      },
      {
        status: 400,
        body: graphError({
          code: 'BadRequest',
          message: 'The request body breaks 3 rules; see details.',
          details: details.map((each) => ({ ...each, message: string('It must be otherwise.') })),
        }),
      },
    );
    expect(error).toMatchObject({ status: 400, code: 'BadRequest', details });
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
