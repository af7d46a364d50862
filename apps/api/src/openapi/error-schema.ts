import type { JsonObject } from './json.ts';

const text: JsonObject = { type: 'string' };

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
          type: 'array',
          items: {
            type: 'object',
            required: ['code', 'message'],
            properties: {
              code: text,
              message: text,
              target: { ...text, description: 'Path of what is wrong, such as addresses[1].type.' },
            },
          },
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
