import { MOST_DETAILS } from '@bookings/domain';
import type { JsonObject } from './json.ts';

const text: JsonObject = { type: 'string' };

/** What is wrong, or missing. */
export const ERROR_DETAILS: JsonObject = {
  type: 'array',
  maxItems: MOST_DETAILS,
  items: {
    type: 'object',
    required: ['code', 'message'],
    properties: {
      code: text,
      message: text,
      target: {
        ...text,
        description: 'What is wrong: a path such as addresses[1].type, or roles.',
      },
    },
  },
};

/** Every error, as `GraphError.toBody` writes it. */
export const ERROR_SCHEMA: JsonObject = {
  type: 'object',
  description: "Graph's error envelope, whoever coined the error.",
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'innerError'],
      properties: {
        code: { ...text, description: "Branch on it, never on the message. Graph's may be empty." },
        message: text,
        details: {
          ...ERROR_DETAILS,
          description: `The first ${MOST_DETAILS} at most. Where a body breaks more rules, the message says how many.`,
        },
        innerError: {
          type: 'object',
          required: ['date', 'request-id', 'client-request-id'],
          properties: {
            date: text,
            'request-id': text,
            'client-request-id': text,
            origin: { const: 'proxy', description: 'The proxy coined the error, not Graph.' },
            outcome: {
              enum: ['not-sent', 'unknown'],
              description: 'Of a write that got no answer: surely not done, or nobody can know.',
            },
          },
        },
      },
    },
  },
};
