import type { Fault } from '../src/index.ts';
import type { ProviderState } from './provider-harness.ts';
import { documented } from '../src/documented-example.fixture.ts';

/** The provider states of the pact with bookings-api. */
export const PROVIDER_STATES: Readonly<Record<string, ProviderState>> = {
  'the application may create booking customers': {
    token: { roles: ['BookingsAppointment.ReadWrite.All'] },
  },
  'the application lacks the permission to create booking customers': {
    token: { roles: ['Bookings.Read.All'] },
  },
  'the application may read booking customers': { token: { roles: ['Bookings.Read.All'] } },
  'the token of the application is not valid': {
    token: { lifetimeSeconds: -60, notBeforeSeconds: -3600 },
  },
  'Graph wants the user to sign in again': {
    token: { scopes: ['BookingsAppointment.ReadWrite.All'] },
    faults: [
      failure(401, 'InvalidAuthenticationToken', {
        // Observed for continuous access evaluation, which requires a newer token.
        'WWW-Authenticate':
          'Bearer realm="", authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTY1NzgzNDQxNyJ9fX0="',
      }),
    ],
  },

  'the booking business exists': { businesses: [documented.business] },
  'the booking business does not exist': {
    businesses: ['another-business@contoso.onmicrosoft.com'],
  },
  'the booking business has the customer of the page': { customers: 1 },
  'the booking business has more customers than fit on a page': { customers: 2, pageSize: 1 },
  'a link of Graph leads to the last customer of the booking business': {
    customers: 2,
    pageSize: 1,
    followsLink: true,
  },
  'four requests to the booking mailbox are in progress': { inProgress: 4 },

  // No request makes Graph fail. The fake returns responses that were observed.
  'Graph fails without a reason': { faults: [failure(500, 'UnknownError')] },
  'Graph is out of service': {
    faults: [failure(503, 'serviceNotAvailable', { 'Retry-After': '30' })],
  },
  'the service behind Graph does not answer in time': { faults: [failure(504, 'UnknownError')] },
};

function failure(status: number, code: string, headers: Record<string, string> = {}): Fault {
  const innerError = {
    date: '2025-04-03T05:10:05',
    'request-id': '1eb4bd9a-baa3-42d7-a41f-b4ecd309d75f',
    'client-request-id': '4dbee6ad-b517-145a-aed6-3dcf70a58ba8',
  };
  return { kind: 'status', status, headers, body: { error: { code, message: '', innerError } } };
}
