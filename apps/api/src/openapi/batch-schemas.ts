import { MAX_PARTS, METHODS } from '../batch/batch-request.ts';
import type { JsonObject } from './open-api-objects.ts';

const text: JsonObject = { type: 'string' };
/** Compared without regard to letter case. The response has numbers as strings. */
const ID: JsonObject = { type: ['string', 'number'] };
const HEADERS: JsonObject = { type: 'object', additionalProperties: text };

/** The body that `readBatch` accepts. */
export const BATCH_REQUESTS: JsonObject = {
  type: 'object',
  required: ['requests'],
  properties: {
    requests: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_PARTS,
      items: {
        type: 'object',
        required: ['id', 'method', 'url'],
        properties: {
          id: ID,
          method: { enum: METHODS },
          url: {
            ...text,
            description: 'Such as /solutions/bookingBusinesses/{business}/customers.',
          },
          headers: {
            type: ['object', 'null'],
            additionalProperties: { type: ['string', 'null'] },
          },
          body: { type: 'object' },
          dependsOn: { type: ['array', 'null'], items: ID },
        },
      },
    },
  },
};

export const BATCH_RESPONSES: JsonObject = {
  type: 'object',
  required: ['responses'],
  properties: {
    responses: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'status'],
        properties: { id: text, status: { type: 'integer' }, headers: HEADERS, body: {} },
      },
    },
  },
};
