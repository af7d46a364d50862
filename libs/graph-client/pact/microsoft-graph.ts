import { performance } from 'node:perf_hooks';
import {
  bearerToken,
  ConsumerPact,
  DOCUMENTED,
  fromState,
  type ExpectedRequest,
  type ExpectedResponse,
  type Situation,
} from '@bookings/contracts';
import {
  BookingCustomer,
  type Caller,
  GraphError,
  type UpstreamResponse,
  type UpstreamRequest,
} from '@bookings/domain';
import { MatchersV3 } from '@pact-foundation/pact';
import { type AddressSchema, FixedToken, GraphClient } from '../src/index.ts';

const { uuid } = MatchersV3;

const APPLICATION: Caller = {
  kind: 'application',
  appId: '11111111-2222-3333-4444-555555555555',
  tenantId: '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70',
  permissions: ['BookingsAppointment.ReadWrite.All'],
  personal: false,
};

export interface CreateSituation extends Situation {
  /** By default, the documented one. */
  readonly business?: string;
  /** By default, the documented one. */
  readonly customer?: BookingCustomer;
  readonly addressSchema?: AddressSchema;
  /** The request body. By default, the customer. */
  readonly body?: unknown;
}

export const pact = new ConsumerPact('bookings-api', 'microsoft-graph');

export interface RequestSituation extends Situation {
  readonly method: string;
  /** By default, the documented one. */
  readonly business?: string;
  /** What follows the path of the customers. */
  readonly segment?: string;
  /** The example of `segment`, where a provider state decides it. */
  readonly exampleSegment?: string;
  readonly query?: ExpectedRequest['query'];
  /** By default, `application/json`. */
  readonly accept?: string;
  readonly ifMatch?: string;
  readonly body?: unknown;
  readonly addressSchema?: AddressSchema;
}

/** Adds an interaction to the pact and calls the client against a mock of Graph. */
export function callClient<T>(
  situation: RequestSituation,
  response: ExpectedResponse,
  call: (client: GraphClient, request: UpstreamRequest) => Promise<T>,
): Promise<T | GraphError> {
  const { method, business = DOCUMENTED.business, segment = '', query, body, ifMatch } = situation;
  const example = encodeURIComponent(business);
  const path = (mailbox: string, rest: string) =>
    `/v1.0/solutions/bookingBusinesses/${mailbox}/customers${rest}`;
  const request = {
    method,
    path: fromState(
      path('${business}', segment),
      path(example, situation.exampleSegment ?? segment),
    ),
    headers: {
      Accept: situation.accept ?? 'application/json',
      Authorization: bearerToken('token-of-the-proxy'),
      'client-request-id': uuid('5151c715-34fd-b0ef-4ca9-d2484dcfd2ab'),
      ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    },
    ...(query && { query }),
    ...(body !== undefined && { body }),
  };
  return pact.interact(situation, request, response, (url) => withClient(url, situation, call));
}

/** Adds a create to the pact and sends it through the client to a mock of Graph. */
export function create(
  options: CreateSituation,
  response: ExpectedResponse,
): Promise<UpstreamResponse | GraphError> {
  const { business = DOCUMENTED.business } = options;
  const customer = options.customer ?? Object.assign(new BookingCustomer(), DOCUMENTED.customer);
  const body = options.body ?? customer;
  return callClient({ ...options, method: 'POST', body }, response, (client, request) =>
    client.createCustomer(business, customer, request),
  );
}

async function withClient<T>(
  url: string,
  { addressSchema = 'documented', ifMatch }: RequestSituation,
  call: (client: GraphClient, request: UpstreamRequest) => Promise<T>,
): Promise<T | GraphError> {
  const client = new GraphClient({
    baseUrl: `${url}/v1.0`,
    credential: new FixedToken('token-of-the-proxy'),
    attemptTimeoutMs: 5000,
    mailbox: { concurrency: 4, queueLimit: 0, lingerMs: 0 },
    addressSchema,
  });
  const request: UpstreamRequest = {
    caller: APPLICATION,
    callerToken: 'token-of-the-caller',
    requestId: '74c63e85-95a4-4e70-adc2-ae60662e5511',
    clientRequestId: '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab',
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    keyDigest: 'of the Idempotency-Key',
    deadlineAtMs: performance.now() + 5000,
    signal: new AbortController().signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
  try {
    return await call(client, request).catch(graphError);
  } finally {
    await client.close();
  }
}

function graphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error;
  throw new Error('The client threw an error that is not a GraphError.', { cause: error });
}
