import type { StateParameters } from '@bookings/contracts';
import type { ProviderState } from './provider-harness.ts';

/** The provider states of the pact with bookings-api. */
export const PROVIDER_STATES: Readonly<
  Record<string, (parameters: StateParameters) => ProviderState>
> = {
  'the application may create booking customers': () => ({
    token: { roles: ['BookingsAppointment.ReadWrite.All'] },
  }),
  'the application lacks the permission to create booking customers': () => ({
    token: { roles: ['Bookings.Read.All'] },
  }),
  'the application may read booking customers': () => ({ token: { roles: ['Bookings.Read.All'] } }),
  'the token of the application is not valid': () => ({
    token: { lifetimeSeconds: -60, notBeforeSeconds: -3600 },
  }),

  'the booking business exists': (parameters) => ({
    business: { name: parameters.text('business'), exists: true },
  }),
  'the booking business does not exist': (parameters) => ({
    business: { name: parameters.text('business'), exists: false },
  }),
  'the booking business has customers': (parameters) => ({
    customers: { customer: parameters.object('customer'), count: parameters.count('count') },
  }),
  // The fake does so by default.
  'Graph answers as the example of the page "Create bookingCustomer"': () => ({}),
};
