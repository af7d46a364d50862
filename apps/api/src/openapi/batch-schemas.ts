import { MAX_PARTS, METHODS } from '../batch/batch-request.ts';
import { type JsonObject, described, ref } from './open-api-objects.ts';

const text: JsonObject = { type: 'string' };
/** Compared without regard to letter case. The response has numbers as strings. */
const ID_TYPE = ['string', 'number'];

const headers = (description: string): JsonObject => ({
  type: 'object',
  description,
  additionalProperties: text,
});

/** The body that `readBatch` accepts. */
export const BATCH_REQUESTS: JsonObject = {
  type: 'object',
  description: 'Requests about customers, which are handled as if each had come alone.',
  required: ['requests'],
  properties: {
    requests: {
      type: 'array',
      description: 'In any order; `dependsOn` makes one wait for others.',
      minItems: 1,
      maxItems: MAX_PARTS,
      items: {
        type: 'object',
        description: 'One request.',
        required: ['id', 'method', 'url'],
        properties: {
          id: {
            type: ID_TYPE,
            description:
              'Names the request within the batch; the response has it too, as a string.',
          },
          method: { enum: METHODS, description: 'The method of the request.' },
          url: described('string', 'Such as /solutions/bookingBusinesses/{business}/customers.'),
          headers: {
            type: ['object', 'null'],
            description: 'Such as `Content-Type`, which a request with a body needs.',
            additionalProperties: { type: ['string', 'null'] },
          },
          body: {
            description: 'The body that the request would have alone.',
            anyOf: [ref('schemas', 'BookingCustomer'), ref('schemas', 'BookingCustomerChanges')],
          },
          dependsOn: {
            type: ['array', 'null'],
            description: 'Ids of requests that must succeed first.',
            items: { type: ID_TYPE },
          },
        },
      },
    },
  },
};

export const BATCH_RESPONSES: JsonObject = {
  type: 'object',
  description: 'The responses, in any order.',
  required: ['responses'],
  properties: {
    responses: {
      type: 'array',
      description: 'One response for each request.',
      items: {
        type: 'object',
        description: 'The response to one request.',
        required: ['id', 'status'],
        properties: {
          id: described('string', 'The id of the request.'),
          status: described('integer', 'The status that the request would have alone.'),
          headers: headers('The headers that the response would have alone.'),
          body: {
            description:
              'What the response would have alone: a customer, a page, an error, or the text of a number. Absent without a body.',
          },
        },
      },
    },
  },
};
