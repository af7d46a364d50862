import { describe, expect, it } from '@jest/globals';
import { CUSTOMER_STATES, DECLARED, DOCUMENTED, OPAQUE_ID } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { create, graphError, pact } from './bookings-api.ts';

const { string } = MatchersV3;

const { customer: JONI_SHERMAN, id: ID } = DOCUMENTED;

const READY = ['the caller may create booking customers', CUSTOMER_STATES.exists];
const MINIMAL = { displayName: 'Joni Sherman' };

describe('a create', () => {
  it('of the documented customer is answered with what the v1.0 schema declares', async () => {
    const created = await create(
      {
        states: READY,
        receiving: 'a request to create the customer of the page "Create bookingCustomer"',
        customer: JONI_SHERMAN,
      },
      { status: 201, body: { ...DECLARED, id: ID }, rules: OPAQUE_ID },
    );
    expect(created).toEqual({ ...DECLARED, id: ID });
  });

  // The resource page says that a type is kept as `others`, and the schema has no such members.
  it('is answered as the example of the page if Graph does so', async () => {
    const created = await create(
      {
        states: [...READY, 'Graph answers as the example of the page "Create bookingCustomer"'],
        receiving:
          'a request whose response on the page "Create bookingCustomer" echoes all members',
        customer: JONI_SHERMAN,
      },
      { status: 201, body: { ...JONI_SHERMAN, id: ID }, rules: OPAQUE_ID },
    );
    expect(created).toEqual({ ...JONI_SHERMAN, id: ID });
  });

  it('may be answered with others as the type of an address, which the client keeps', async () => {
    const addresses = DECLARED.addresses.map((address) => ({ ...address, type: 'others' }));
    const created = await create(
      {
        states: ['Graph keeps the type of every address as others', ...READY],
        receiving: 'a request to create a customer whose type of address Graph keeps as others',
        customer: JONI_SHERMAN,
      },
      { status: 201, body: { ...DECLARED, addresses, id: ID }, rules: OPAQUE_ID },
    );
    expect(created).toEqual({ ...DECLARED, addresses, id: ID });
  });

  it('of only a name is answered with the name and an id', async () => {
    const created = await create(
      {
        states: READY,
        receiving: 'a request to create a customer with only a name',
        customer: MINIMAL,
      },
      { status: 201, body: { ...MINIMAL, id: ID }, rules: OPAQUE_ID },
    );
    expect(created).toEqual({ ...MINIMAL, id: ID });
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
