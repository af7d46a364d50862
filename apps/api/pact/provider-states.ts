import type { ProviderState } from './provider-harness.ts';
import { BUSINESS, CREATE_PERMISSION } from '../test/documented.ts';

const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const READ_PERMISSION = 'Bookings.Read.All';

/** The key and the customer of earlier creates. */
const KEY = 'order-1762';
const JONI = { displayName: 'Joni Sherman' };

/** Longer than the deadline of a request. */
const NEVER_SETTLED = { IDEMPOTENCY_SETTLE_MS: '60000' };

/** The provider states of the pact with bookings-client. */
export const PROVIDER_STATES: Readonly<Record<string, ProviderState>> = {
  'the caller may create booking customers': { token: { roles: [CREATE_PERMISSION] } },
  "the caller's token has expired": {
    token: { roles: [CREATE_PERMISSION], lifetimeSeconds: -60, notBeforeSeconds: -3600 },
  },
  'the caller lacks the permission to create booking customers': {
    token: { roles: [READ_PERMISSION] },
  },
  'the caller may read booking customers': { token: { roles: [READ_PERMISSION] } },
  'the caller is a personal Microsoft account': {
    token: { scopes: [CREATE_PERMISSION], tenantId: PERSONAL_TENANT },
  },

  'the booking business exists': { businesses: [BUSINESS] },
  'the booking business does not exist': {
    businesses: ['another-business@contoso.onmicrosoft.com'],
  },

  'the booking business has the customer of the page': { customers: 1 },
  'the booking business has more customers than fit on a page': { customers: 2, pageSize: 1 },

  'request bodies may have 1 KiB at most': { settings: { BODY_LIMIT_BYTES: '1024' } },
  'no more requests may wait for the booking business': {
    settings: { MAILBOX_CONCURRENCY: '1', MAILBOX_QUEUE_LIMIT: '0' },
    inProgress: 1,
  },

  [`a create of the customer is in progress under the key ${KEY}`]: {
    inProgress: 1,
    heldCreate: { key: KEY, customer: JONI },
  },
  [`the customer was created under the key ${KEY}`]: {
    earlier: [{ key: KEY, customer: JONI }],
  },
  [`another customer was created under the key ${KEY}`]: {
    earlier: [{ key: KEY, customer: { displayName: 'Adele Vance' } }],
  },
  [`the outcome of the create under the key ${KEY} is unknown`]: {
    settings: NEVER_SETTLED,
    earlier: [{ key: KEY, customer: JONI, fault: { kind: 'reset', when: 'after-stored' } }],
  },
  // No process can write to this folder.
  'the store of creates is unavailable': {
    // Nothing listens on this port.
    settings: { STATE_URL: 'postgres://127.0.0.1:1/none', STATE_SECRET: 'a secret of the tests' },
  },
  'the outcome of a lost create cannot be looked up in time': { settings: NEVER_SETTLED },

  'Graph throttles for longer than the deadline of a request': {
    faults: [
      {
        kind: 'status',
        status: 429,
        headers: { 'Retry-After': '30' },
        // The example of Graph's page on throttling.
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
      },
    ],
  },
  'Graph fails without a reason': {
    // Observed for failed validations and for failures of the service.
    faults: [
      {
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
      },
    ],
  },
  'Graph cannot be reached': { graph: 'unreachable' },
  'Graph closes the connection without a response': {
    settings: { IDEMPOTENCY_SETTLE_MS: '100' },
    faults: [{ kind: 'reset', when: 'after-stored' }],
  },
  'Graph stores the e-mail address as the name permanently': {
    faults: [{ kind: 'display-name-is-email' }, { kind: 'reset', when: 'before-stored', times: 3 }],
  },
  'Graph does not answer in time': {
    settings: { GRAPH_ATTEMPT_TIMEOUT_MS: '1000' },
    faults: [{ kind: 'silence', when: 'after-stored' }],
  },
};
