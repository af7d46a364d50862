import type { StateParameters } from '@bookings/contracts';
import type { Fault } from '@bookings/graph-fake';
import type { IdempotentCreate, ProviderState } from './provider-harness.ts';
import { CREATE_PERMISSION } from '../test/documented.ts';

const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const READ_PERMISSION = 'Bookings.Read.All';

const keyed = (parameters: StateParameters): IdempotentCreate => ({
  key: parameters.text('key'),
  customer: parameters.object('customer'),
});

/** Longer than the deadline of a request. */
const NEVER_SETTLED = { IDEMPOTENCY_SETTLE_MS: '60000' };

/** The example of Graph's page on throttling. */
const THROTTLED: Fault = {
  kind: 'status',
  status: 429,
  headers: { 'Retry-After': '30' },
  body: {
    error: {
      code: 'TooManyRequests',
      message: 'Please retry again later.',
      innerError: {
        code: '429',
        date: '2020-08-18T12:51:51',
        message: 'Please retry after',
        'request-id': '94fb3b52-452a-4535-a601-69e0a90e3aa2',
        status: '429',
      },
    },
  },
};

/** Observed for failed validations and for failures of the service. */
const FAILED: Fault = {
  kind: 'status',
  status: 500,
  body: {
    error: {
      code: 'UnknownError',
      message: '',
      innerError: {
        date: '2025-04-03T05:10:05',
        'request-id': '1eb4bd9a-baa3-42d7-a41f-b4ecd309d75f',
        'client-request-id': '4dbee6ad-b517-145a-aed6-3dcf70a58ba8',
      },
    },
  },
};

/** The provider states of the pact with bookings-client. */
export const PROVIDER_STATES: Readonly<
  Record<string, (parameters: StateParameters) => ProviderState>
> = {
  'the caller may create booking customers': () => ({ token: { roles: [CREATE_PERMISSION] } }),
  "the caller's token has expired": () => ({
    token: { roles: [CREATE_PERMISSION], lifetimeSeconds: -60, notBeforeSeconds: -3600 },
  }),
  'the caller lacks the permission to create booking customers': () => ({
    token: { roles: [READ_PERMISSION] },
  }),
  'the caller may read booking customers': () => ({ token: { roles: [READ_PERMISSION] } }),
  'the caller is a personal Microsoft account': () => ({
    token: { scopes: [CREATE_PERMISSION], tenantId: PERSONAL_TENANT },
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
  'the booking business has a customer whose id in Base64 has + and / and =': (parameters) => ({
    fakeOptions: { idShape: 'base64' },
    customers: {
      customer: parameters.object('customer'),
      count: 1,
      id: [/[+]/, /[/]/, /=/],
    },
  }),
  // The fake does so by default.
  'Graph answers as the example of the page "Create bookingCustomer"': () => ({}),
  'Graph keeps the type of every address as others': () => ({
    fakeOptions: { addressTypes: 'others' },
  }),
  'the API has a public address': (parameters) => ({
    settings: { PUBLIC_BASE_URL: parameters.text('address') },
  }),

  'request bodies have a limit': (parameters) => ({
    settings: { BODY_LIMIT_BYTES: String(parameters.count('bytes')) },
  }),
  'no more requests may wait for the booking business': () => ({
    settings: { MAILBOX_CONCURRENCY: '1', MAILBOX_QUEUE_LIMIT: '0' },
    inProgress: 1,
  }),

  'a create of the customer is in progress under the key': (parameters) => ({
    inProgress: 1,
    heldCreate: keyed(parameters),
  }),
  'a customer was created under the key': (parameters) => ({ earlier: [keyed(parameters)] }),
  'the outcome of the create under the key is unknown': (parameters) => ({
    settings: NEVER_SETTLED,
    earlier: [{ ...keyed(parameters), fault: { kind: 'reset', when: 'after-stored' } }],
  }),
  'the store of creates is unavailable': () => ({
    // Nothing listens on this port.
    settings: { STATE_URL: 'postgres://127.0.0.1:1/none', STATE_SECRET: 'a secret of the tests' },
  }),
  'the outcome of a lost create cannot be looked up in time': () => ({ settings: NEVER_SETTLED }),

  'Graph throttles for longer than the deadline of a request': () => ({
    faults: [THROTTLED],
  }),
  'Graph fails without a reason': () => ({ faults: [FAILED] }),
  'Graph cannot be reached': () => ({ graph: 'unreachable' }),
  'Graph closes the connection without a response': () => ({
    settings: { IDEMPOTENCY_SETTLE_MS: '100' },
    faults: [{ kind: 'reset', when: 'after-stored' }],
  }),
  'Graph stores the e-mail address as the name permanently': () => ({
    faults: [{ kind: 'display-name-is-email' }, { kind: 'reset', when: 'before-stored', times: 3 }],
  }),
  'Graph does not answer in time': () => ({
    settings: { GRAPH_ATTEMPT_TIMEOUT_MS: '1000' },
    faults: [{ kind: 'silence', when: 'after-stored' }],
  }),
};
