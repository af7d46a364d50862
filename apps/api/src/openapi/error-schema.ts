import { MAX_DETAILS } from '@bookings/domain';
import type { JsonObject } from './open-api-objects.ts';

const text: JsonObject = { type: 'string' };

/** The schema of `error.details`. */
export const ERROR_DETAILS: JsonObject = {
  type: 'array',
  maxItems: MAX_DETAILS,
  items: {
    type: 'object',
    required: ['code', 'message'],
    properties: {
      code: text,
      message: text,
      target: {
        ...text,
        description: 'The source of the error: a path such as addresses[1].type, or roles.',
      },
    },
  },
};

/** The schema of every error, as `GraphError.toBody` returns it. */
export const ERROR_SCHEMA: JsonObject = {
  type: 'object',
  description: "Graph's error envelope, also for errors of the proxy.",
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'innerError'],
      properties: {
        code: {
          ...text,
          description: "Use it to tell errors apart, not the message. Graph's may be empty.",
        },
        message: text,
        details: {
          ...ERROR_DETAILS,
          description: `At most ${MAX_DETAILS}. The message has the number of all violations.`,
        },
        innerError: {
          type: 'object',
          required: ['date', 'request-id', 'client-request-id'],
          properties: {
            date: text,
            'request-id': text,
            'client-request-id': text,
            origin: {
              const: 'proxy',
              description: 'The error comes from the proxy, not from Graph.',
            },
            outcome: {
              enum: ['not-sent', 'unknown'],
              description:
                'For a write without a response: Graph did not receive it, or may have carried it out.',
            },
          },
        },
      },
    },
  },
};
