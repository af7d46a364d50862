import { describe, expect, it } from '@jest/globals';
import { bearerToken, CUSTOMER_STATES, DOCUMENTED } from '@bookings/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import { graphError, pact } from './bookings-api.ts';

const { arrayContaining, regex } = MatchersV3;

const URL = `/solutions/bookingBusinesses/${DOCUMENTED.business}/customers`;
const CUSTOMER = { displayName: 'Joni Sherman' };
const BATCH = {
  requests: [
    {
      id: 'create',
      method: 'POST',
      url: URL,
      headers: { 'Content-Type': 'application/json' },
      body: CUSTOMER,
    },
    { id: 'get', method: 'GET', url: `${URL}/missing` },
  ],
};

// The client has no method for batches. Services send them as they would to Graph.
describe('a batch', () => {
  it('has a response for each of its parts, in any order', async () => {
    const missing = { code: 'ErrorItemNotFound', message: 'The object was not found.' };
    const response = await pact.interact(
      {
        states: ['the caller may create booking customers', CUSTOMER_STATES.exists],
        receiving: 'a batch that creates a customer and asks for one that is missing',
      },
      {
        method: 'POST',
        path: '/v1.0/$batch',
        headers: { Authorization: bearerToken('token-of-the-caller') },
        body: BATCH,
      },
      {
        status: 200,
        body: {
          responses: arrayContaining(
            {
              id: 'create',
              status: 201,
              body: { ...CUSTOMER, id: regex(/^\S+$/, DOCUMENTED.id) },
            },
            { id: 'get', status: 404, body: graphError(missing) },
          ),
        },
      },
      (url) =>
        fetch(`${url}/v1.0/$batch`, {
          method: 'POST',
          headers: {
            authorization: 'Bearer token-of-the-caller',
            'content-type': 'application/json',
          },
          body: JSON.stringify(BATCH),
        }),
    );
    expect(await response.json()).toMatchObject({
      responses: [
        { id: 'create', status: 201, body: CUSTOMER },
        { id: 'get', status: 404 },
      ],
    });
  });
});

describe('the pact', () => {
  it('has every interaction that was tested here', () => {
    expect(pact.written).toEqual(expect.arrayContaining(pact.tested));
  });
});
