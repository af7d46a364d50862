import { MatchersV3 } from '@pact-foundation/pact';
import {
  ConsumerPact,
  DOCUMENTED,
  type ExpectedResponse,
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

interface Creating extends Situation {
  /** That of the page where nothing is said. */
  readonly business?: string;
  readonly customer: BookingCustomer;
  /** The one that the provider's state speaks of; any where nothing is said, none for null. */
  readonly key?: string | null;
}

export const pact = new ConsumerPact('bookings-client', 'bookings-api');

interface Asking extends Situation {
  readonly method: string;
  /** That of the page where nothing is said. */
  readonly business?: string;
  /** Behind the path of customers. */
  readonly segment?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly key?: string | ReturnType<typeof regex>;
  readonly body?: unknown;
}

/** A call, and what it comes to. */
export interface Asked extends Asking {
  readonly call: (client: BookingsClient) => Promise<unknown>;
  readonly response: ExpectedResponse;
  /** What the client gives back. */
  readonly gives: unknown;
}

/** Calls the client, in the situation, against a provider that answers so. */
export function asked<T>(
  asking: Asking,
  response: ExpectedResponse,
  call: (client: BookingsClient) => Promise<T>,
): Promise<T | BookingsApiError> {
  const { method, business = DOCUMENTED.business, segment = '', query, key, body } = asking;
  const request = {
    method,
    path: `/v1.0/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers${segment}`,
    headers: {
      Authorization: regex(/^Bearer \S+$/, 'Bearer token-of-the-caller'),
      'client-request-id': uuid('5151c715-34fd-b0ef-4ca9-d2484dcfd2ab'),
      ...(key !== undefined && { 'Idempotency-Key': key }),
    },
    ...(query && { query }),
    ...(body !== undefined && { body }),
  };
  return pact.interact(asking, request, response, (url) => {
    const client = new BookingsClient({
      baseUrl: url,
      getToken: () => Promise.resolve('token-of-the-caller'),
    });
    return call(client).catch(apiError);
  });
}

/** Creates a customer through the client, in the situation, against a provider that answers so. */
export async function create(
  creating: Creating,
  response: ExpectedResponse,
): Promise<CreatedBookingCustomer | BookingsApiError> {
  const created = await createWithReport(creating, response);
  return created instanceof BookingsApiError ? created : created.customer;
}

/** The same, with all that the client says of the answer. The mock has one: it is sent once. */
export function createWithReport(
  { key, ...creating }: Creating,
  response: ExpectedResponse,
): Promise<CreateReport | BookingsApiError> {
  const { business = DOCUMENTED.business, customer } = creating;
  const asking: Asking = {
    ...creating,
    method: 'POST',
    body: customer,
    ...(key !== null && { key: key ?? ANY_KEY }),
  };
  return asked(asking, response, (client) =>
    client.createCustomerWithReport(business, customer, { idempotencyKey: key, maxAttempts: 1 }),
  );
}

function apiError(error: unknown): BookingsApiError {
  if (error instanceof BookingsApiError) return error;
  throw new Error('the client was expected to throw BookingsApiErrors alone', { cause: error });
}

export interface ExpectedError {
  readonly code: string;
  readonly message: string;
  readonly outcome?: 'not-sent' | 'unknown';
  readonly details?: unknown;
}

/** An error in Graph's shape: its code as it is, its ids and its words as the provider likes. */
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
