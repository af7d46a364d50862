import { MAX_DETAILS } from '@bookings/domain';
import { type JsonObject, described } from './open-api-objects.ts';

/** The schema of `error.details`. */
export const ERROR_DETAILS: JsonObject = {
  type: 'array',
  maxItems: MAX_DETAILS,
  items: {
    type: 'object',
    description: 'One violation, or one thing that is missing.',
    required: ['code', 'message'],
    properties: {
      code: described('string', 'The kind of the violation.'),
      message: described('string', 'What is wrong, and what is right.'),
      target: described(
        'string',
        'The source of the error: a path such as addresses[1].type, or roles.',
      ),
    },
  },
};

const INNER_ERROR: JsonObject = {
  type: 'object',
  description: 'Who answered, and the ids by which the request is found in logs.',
  required: ['date', 'request-id', 'client-request-id'],
  properties: {
    date: described('string', 'UTC, without a zone.'),
    'request-id': described('string', "Graph's if Graph answered, otherwise the proxy's."),
    'client-request-id': described('string', "The caller's if it is a UUID, otherwise a new one."),
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
};

/**
 * The schema of every error, as `GraphError.toBody` returns it. A generated type called `Error` would
 * hide the global one, so the schema has the name `GraphError`.
 */
export const ERROR_SCHEMA: JsonObject = {
  type: 'object',
  description: "Graph's error envelope, also for errors of the proxy.",
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      description: 'The error.',
      required: ['code', 'message', 'innerError'],
      properties: {
        code: described(
          'string',
          "Use it to tell errors apart, not the message. Graph's may be empty.",
        ),
        message: described('string', 'For people. The words may change.'),
        details: {
          ...ERROR_DETAILS,
          description: `At most ${MAX_DETAILS}. The message has the number of all violations.`,
        },
        innerError: INNER_ERROR,
      },
    },
  },
};
