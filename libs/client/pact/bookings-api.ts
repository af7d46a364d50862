import { MatchersV3 } from '@pact-foundation/pact';
import { DOCUMENTED, type OPAQUE_ID, pactBetween } from '@bookings/contracts';
import {
  type BookingCustomer,
  BookingsApiError,
  BookingsClient,
  type CreatedBookingCustomer,
} from '../src/index.ts';

const { regex, string, uuid } = MatchersV3;

export const REQUEST_ID = '94fb3b52-452a-4535-a601-69e0a90e3aa2';
const JSON_TYPE = { 'Content-Type': 'application/json' };

interface Situation {
  /** What the provider must be made to be first. */
  readonly states: readonly string[];
  /** The interaction, as a sentence that goes on from "upon receiving". */
  readonly receiving: string;
  readonly business?: string;
  readonly customer: BookingCustomer;
}

interface Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | ReturnType<typeof regex>>>;
  readonly body: unknown;
  readonly rules?: typeof OPAQUE_ID;
}

/** The interactions so far. */
export const tested: string[] = [];

const pact = pactBetween('bookings-client', 'bookings-api');

/** Creates a customer through the client, in the situation, against a provider that answers so. */
export async function create(
  situation: Situation,
  response: Response,
): Promise<CreatedBookingCustomer | BookingsApiError> {
  const { business = DOCUMENTED.business, customer } = situation;
  tested.push(situation.receiving);
  const interaction = pact.addInteraction();
  for (const state of situation.states) interaction.given(state);
  const outcome = await interaction
    .uponReceiving(situation.receiving)
    .withRequest(
      'POST',
      `/v1.0/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`,
      (request) => {
        request
          .headers({
            ...JSON_TYPE,
            Authorization: regex(/^Bearer \S+$/, 'Bearer token-of-the-caller'),
            'client-request-id': uuid('5151c715-34fd-b0ef-4ca9-d2484dcfd2ab'),
          })
          .jsonBody(customer);
      },
    )
    .willRespondWith(response.status, (answer) => {
      answer.headers({ ...JSON_TYPE, ...response.headers }).jsonBody(response.body);
      if (response.rules) answer.matchingRules(response.rules);
    })
    .executeTest(({ url }) => {
      const client = new BookingsClient({ baseUrl: url, getToken: () => 'token-of-the-caller' });
      // An interaction whose test throws would be left out of the pact without a word.
      return client.createCustomer(business, customer).catch(apiError);
    });
  if (outcome === undefined) throw new Error('the interaction had no outcome');
  return outcome;
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
