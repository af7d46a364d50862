import { describe, expect, it } from '@jest/globals';
import { DOCUMENTED, type ExpectedResponse, OPAQUE_ID } from '@bookings/contracts';
import { BookingCustomer, type Outcome } from '@bookings/domain';
import { MatchersV3 } from '@pact-foundation/pact';
import { create, type CreateSituation, pact, USER } from './microsoft-graph.ts';

const { regex, string } = MatchersV3;

const { customer: JONI_SHERMAN, id: ID } = DOCUMENTED;

const BUSINESS_EXISTS = 'the booking business exists';
const READY = ['the application may create booking customers', BUSINESS_EXISTS];
const TYPE = '#microsoft.graph.bookingCustomer';

const minimal = () => Object.assign(new BookingCustomer(), { displayName: 'Joni Sherman' });

// The proxy passes Graph's response on, so what it promises to callers is required of Graph here.
const CREATED: readonly (CreateSituation & { readonly response: unknown })[] = [
  {
    states: READY,
    receiving: 'a request to create the customer of the page "Create bookingCustomer"',
    response: {
      ...JONI_SHERMAN,
      '@odata.context': regex(
        /^\S+[$]metadata#\S+customers\S[$]entity$/,
        "https://graph.microsoft.com/v1.0/solutions/$metadata#bookingBusinesses('Contosolunchdelivery%40contoso.onmicrosoft.com')/customers/$entity",
      ),
    },
  },
  {
    states: READY,
    receiving: 'a request to create a customer with only a name',
    customer: minimal(),
    body: { '@odata.type': TYPE, displayName: 'Joni Sherman' },
    response: { '@odata.type': TYPE, displayName: 'Joni Sherman', addresses: [], phones: [] },
  },
  {
    states: READY,
    receiving: 'a request to create a customer with only the address properties of the v1.0 schema',
    addressSchema: 'v1.0',
    body: { ...JONI_SHERMAN, addresses: JONI_SHERMAN.addresses.map(declared) },
    response: {
      '@odata.type': TYPE,
      displayName: 'Joni Sherman',
      addresses: JONI_SHERMAN.addresses.map(declared),
    },
  },
];

function declared({
  street,
  city,
  state,
  countryOrRegion,
  postalCode,
}: {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly countryOrRegion: string;
  readonly postalCode: string;
}) {
  return { street, city, state, countryOrRegion, postalCode };
}

describe('a create', () => {
  it.each(CREATED)('$receiving is answered with the customer and its id', async (situation) => {
    const { response } = situation;
    const body = Object.assign({}, response, { id: ID });
    const created = await create(situation, { status: 201, body, rules: OPAQUE_ID });
    expect(created).toMatchObject({ id: ID, contentType: 'application/json' });
  });
});

interface Refusal extends CreateSituation {
  readonly response: { readonly status: number; readonly code: unknown } & Pick<
    ExpectedResponse,
    'headers'
  >;
  /** The error of the proxy. */
  readonly error: {
    readonly status: number;
    readonly code: string;
    readonly outcome?: Outcome;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
}

const MESSAGE = "Graph's own words.";
const retryAfter = regex(/^\d+(\.\d+)?$/, '7.128');
const claims = regex(
  /^Bearer .*claims="[^"]+".*$/,
  'Bearer realm="", authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTY1NzgzNDQxNyJ9fX0="',
);
const notSent = { status: 502, code: 'BadGateway', outcome: 'not-sent' } as const;

const REFUSALS: readonly Refusal[] = [
  {
    states: READY,
    receiving: 'a request to create a customer with a phone of an unknown type',
    customer: Object.assign(minimal(), { phones: [{ type: 'carrierPigeon' }] }),
    body: { '@odata.type': TYPE, displayName: 'Joni Sherman', phones: [{ type: 'carrierPigeon' }] },
    response: { status: 400, code: string('BadRequest') },
    error: { status: 400, code: 'BadRequest' },
  },
  {
    states: ['the token of the application is not valid', BUSINESS_EXISTS],
    receiving: 'a request to create a customer with a token that is not valid',
    response: { status: 401, code: string('InvalidAuthenticationToken') },
    error: notSent,
  },
  {
    states: ['Graph wants the user to sign in again', BUSINESS_EXISTS],
    receiving: 'a request to create a customer for a user who must sign in again',
    caller: USER,
    response: {
      status: 401,
      code: string('InvalidAuthenticationToken'),
      headers: { 'WWW-Authenticate': claims },
    },
    error: {
      status: 401,
      code: 'InvalidAuthenticationToken',
      headers: { 'WWW-Authenticate': expect.stringContaining('claims="eyJhY2Nl') },
    },
  },
  {
    states: ['the application lacks the permission to create booking customers', BUSINESS_EXISTS],
    receiving: 'a request to create a customer without the permission',
    response: { status: 403, code: string('Authorization_RequestDenied') },
    error: { status: 403, code: 'Authorization_RequestDenied' },
  },
  {
    states: ['the application may create booking customers', 'the booking business does not exist'],
    receiving: 'a request to create a customer of an unknown booking business',
    business: 'nobody@contoso.onmicrosoft.com',
    // The contract with callers promises this code.
    response: { status: 404, code: 'ErrorNonExistentMailbox' },
    error: { status: 404, code: 'ErrorNonExistentMailbox' },
  },
  {
    states: [...READY, 'four requests to the booking mailbox are in progress'],
    receiving: 'a request to create a customer while four requests are in progress',
    response: {
      status: 429,
      code: string('ApplicationThrottled'),
      headers: { 'Retry-After': retryAfter },
    },
    error: { status: 429, code: 'ApplicationThrottled', headers: { 'Retry-After': '8' } },
  },
  {
    states: [...READY, 'Graph fails without a reason'],
    receiving: 'a request to create a customer for which Graph fails without a reason',
    response: { status: 500, code: string('UnknownError') },
    error: { status: 500, code: 'UnknownError', outcome: 'unknown' },
  },
  {
    states: [...READY, 'Graph is out of service'],
    receiving: 'a request to create a customer while Graph is out of service',
    response: {
      status: 503,
      code: string('serviceNotAvailable'),
      headers: { 'Retry-After': retryAfter },
    },
    error: {
      status: 503,
      code: 'serviceNotAvailable',
      outcome: 'unknown',
      headers: { 'Retry-After': '8' },
    },
  },
  {
    states: [...READY, 'the service behind Graph does not answer in time'],
    receiving: 'a request to create a customer that times out behind Graph',
    response: { status: 504, code: string('UnknownError') },
    error: { status: 504, code: 'UnknownError', outcome: 'unknown' },
  },
];

describe('a refused or failed create', () => {
  it.each(REFUSALS)('$receiving ends with $error.status $error.code', async (refusal) => {
    const { status, code, headers } = refusal.response;
    // The proxy passes innerError on and depends on no member of it.
    const body = { error: { code, message: string(MESSAGE) } };
    const outcome = await create(refusal, { status, body, ...(headers && { headers }) });
    const coined = refusal.error === notSent || refusal.error.headers?.['WWW-Authenticate'];
    expect(outcome).toMatchObject({ name: 'GraphError', ...refusal.error });
    expect(outcome).toHaveProperty('outcome', refusal.error.outcome);
    if (!coined) expect(outcome).toHaveProperty('message', MESSAGE);
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
