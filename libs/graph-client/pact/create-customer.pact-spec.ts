import { describe, expect, it } from '@jest/globals';
import { CUSTOMER_STATES, DECLARED, DOCUMENTED, OPAQUE_ID } from '@bookings/contracts';
import { BookingCustomer } from '@bookings/domain';
import { MatchersV3 } from '@pact-foundation/pact';
import { create, type CreateSituation, pact } from './microsoft-graph.ts';

const { regex, string } = MatchersV3;

const { customer: JONI_SHERMAN, id: ID } = DOCUMENTED;

const MAY_CREATE = 'the application may create booking customers';
const { exists: BUSINESS_EXISTS, missing: BUSINESS_MISSING } = CUSTOMER_STATES;
const READY = [MAY_CREATE, BUSINESS_EXISTS];
const TYPE = '#microsoft.graph.bookingCustomer';

const minimal = () => Object.assign(new BookingCustomer(), { displayName: 'Joni Sherman' });

// The proxy passes Graph's response on, so what it promises to callers is required of Graph here.
const CREATED: readonly (CreateSituation & { readonly response: unknown })[] = [
  {
    states: READY,
    receiving: 'a request to create the customer of the page "Create bookingCustomer"',
    response: {
      ...DECLARED,
      '@odata.context': regex(
        /^\S+[$]metadata#\S+customers\S[$]entity$/,
        "https://graph.microsoft.com/v1.0/solutions/$metadata#bookingBusinesses('Contosolunchdelivery%40contoso.onmicrosoft.com')/customers/$entity",
      ),
    },
  },
  {
    // The resource page says that a type is kept as `others`, and the schema has no such members.
    states: [...READY, 'Graph answers as the example of the page "Create bookingCustomer"'],
    receiving: 'a request whose response on the page "Create bookingCustomer" echoes all members',
    response: JONI_SHERMAN,
  },
  {
    states: READY,
    receiving: 'a request to create a customer with only a name',
    customer: minimal(),
    body: { '@odata.type': TYPE, displayName: 'Joni Sherman' },
    response: { displayName: 'Joni Sherman' },
  },
  {
    states: READY,
    receiving: 'a request to create a customer with only the address properties of the v1.0 schema',
    addressSchema: 'v1.0',
    body: { ...DECLARED, '@odata.type': TYPE },
    response: { displayName: DECLARED.displayName, addresses: DECLARED.addresses },
  },
];

describe('a create', () => {
  it.each(CREATED)('$receiving is answered with the customer and its id', async (situation) => {
    const { response } = situation;
    const body = Object.assign({}, response, { id: ID });
    const created = await create(situation, { status: 201, body, rules: OPAQUE_ID });
    expect(created).toMatchObject({ id: ID, contentType: 'application/json' });
  });
});

interface Refusal extends CreateSituation {
  readonly response: { readonly status: number; readonly code: unknown };
  /** The error of the proxy. */
  readonly error: { readonly status: number; readonly code: string; readonly message?: string };
}

const MESSAGE = "Graph's own words.";

const REFUSALS: readonly Refusal[] = [
  {
    states: READY,
    receiving: 'a request to create a customer with a phone of an unknown type',
    customer: Object.assign(minimal(), { phones: [{ type: 'carrierPigeon' }] }),
    body: { '@odata.type': TYPE, displayName: 'Joni Sherman', phones: [{ type: 'carrierPigeon' }] },
    response: { status: 400, code: string('BadRequest') },
    error: { status: 400, code: 'BadRequest', message: MESSAGE },
  },
  {
    states: ['the token of the application is not valid', BUSINESS_EXISTS],
    receiving: 'a request to create a customer with a token that is not valid',
    response: { status: 401, code: string('InvalidAuthenticationToken') },
    error: { status: 502, code: 'BadGateway' },
  },
  {
    states: ['the application lacks the permission to create booking customers', BUSINESS_EXISTS],
    receiving: 'a request to create a customer without the permission',
    response: { status: 403, code: string('Authorization_RequestDenied') },
    error: { status: 403, code: 'Authorization_RequestDenied', message: MESSAGE },
  },
  {
    states: [MAY_CREATE, BUSINESS_MISSING],
    receiving: 'a request to create a customer of an unknown booking business',
    business: BUSINESS_MISSING.parameters.business,
    // The contract with callers promises this code.
    response: { status: 404, code: 'ErrorNonExistentMailbox' },
    error: { status: 404, code: 'ErrorNonExistentMailbox', message: MESSAGE },
  },
];

describe('a refused create', () => {
  it.each(REFUSALS)('$receiving ends with $error.status $error.code', async (refusal) => {
    const { status, code } = refusal.response;
    // The proxy passes innerError on and depends on no member of it.
    const body = { error: { code, message: string(MESSAGE) } };
    const outcome = await create(refusal, { status, body });
    expect(outcome).toMatchObject({ name: 'GraphError', ...refusal.error });
    // Only a coined error says so: other refusals leave no doubt.
    expect(outcome).toHaveProperty('outcome', status === 401 ? 'not-sent' : undefined);
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
