import { MatchersV3 } from '@pact-foundation/pact';
import {
  bearerToken,
  ConsumerPact,
  DOCUMENTED,
  type ExpectedRequest,
  type ExpectedResponse,
  fromState,
  type Situation,
} from '@bookings/contracts';
import {
  type BookingCustomer,
  BookingsApiError,
  BookingsClient,
  type CreatedBookingCustomer,
  type CreateReport,
} from '../src/index.ts';

const { regex, string, uuid } = MatchersV3;

const ANY_KEY = regex(/^[!-~]{1,255}$/, '0c9c4b70-2f58-45a5-9d4e-8b1b6f2a7c3d');
export const REQUEST_ID = '94fb3b52-452a-4535-a601-69e0a90e3aa2';

interface CreateSituation extends Situation {
  /** By default, the documented one. */
  readonly business?: string;
  readonly customer: BookingCustomer;
  /** The key of the provider state. Any key by default, none for null. */
  readonly key?: string | null;
}

export const pact = new ConsumerPact('bookings-client', 'bookings-api');

interface RequestSituation extends Situation {
  readonly method: string;
  /** By default, the documented one. */
  readonly business?: string;
  /** What follows the path of the customers. */
  readonly segment?: string;
  /** The example of `segment`, where a provider state decides it. */
  readonly exampleSegment?: string;
  readonly query?: ExpectedRequest['query'];
  readonly key?: string | ReturnType<typeof regex>;
  readonly ifMatch?: string;
  readonly body?: unknown;
}

/** A call of the client and its result. */
export interface PactCase extends RequestSituation {
  readonly call: (client: BookingsClient, url: string) => Promise<unknown>;
  readonly response: ExpectedResponse;
  /** What the client returns. */
  readonly result: unknown;
}

/** Adds an interaction to the pact and calls the client against a mock of the provider. */
export function callClient<T>(
  situation: RequestSituation,
  response: ExpectedResponse,
  call: (client: BookingsClient, url: string) => Promise<T>,
): Promise<T | BookingsApiError> {
  const { method, business = DOCUMENTED.business, segment = '', query, key, body } = situation;
  const { exampleSegment, ifMatch } = situation;
  const path = `/v1.0/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
  const request = {
    method,
    path:
      exampleSegment === undefined
        ? `${path}${segment}`
        : fromState(`${path}${segment}`, `${path}${exampleSegment}`),
    headers: {
      Authorization: bearerToken('token-of-the-caller'),
      'client-request-id': uuid('5151c715-34fd-b0ef-4ca9-d2484dcfd2ab'),
      ...(key !== undefined && { 'Idempotency-Key': key }),
      ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    },
    ...(query && { query }),
    ...(body !== undefined && { body }),
  };
  return pact.interact(situation, request, response, (url) => {
    const client = new BookingsClient({
      baseUrl: url,
      getToken: () => Promise.resolve('token-of-the-caller'),
    });
    return call(client, url).catch(apiError);
  });
}

/** Adds a create to the pact and sends it through the client to a mock of the provider. */
export async function create(
  options: CreateSituation,
  response: ExpectedResponse,
): Promise<CreatedBookingCustomer | BookingsApiError> {
  const created = await createWithReport(options, response);
  return created instanceof BookingsApiError ? created : created.customer;
}

/** As `create`, with the client's report. The mock has one response, so the client never retries. */
export function createWithReport(
  { key, ...options }: CreateSituation,
  response: ExpectedResponse,
): Promise<CreateReport | BookingsApiError> {
  const { business = DOCUMENTED.business, customer } = options;
  const situation: RequestSituation = {
    ...options,
    method: 'POST',
    body: customer,
    ...(key !== null && { key: key ?? ANY_KEY }),
  };
  return callClient(situation, response, (client) =>
    client.createCustomerWithReport(business, customer, { idempotencyKey: key, maxAttempts: 1 }),
  );
}

function apiError(error: unknown): BookingsApiError {
  if (error instanceof BookingsApiError) return error;
  throw new Error('The client threw an error that is not a BookingsApiError.', { cause: error });
}

export interface ExpectedError {
  readonly code: string;
  readonly message: string;
  readonly outcome?: 'not-sent' | 'unknown';
  readonly details?: unknown;
}

/** An error in Graph's shape. Only its code is exact. */
export function graphError({ code, message, outcome, details }: ExpectedError): unknown {
  return {
    error: {
      code,
      message: string(message),
      innerError: { 'request-id': string(REQUEST_ID), ...(outcome && { outcome }) },
      ...(details !== undefined && { details }),
    },
  };
}
