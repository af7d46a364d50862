import { ERROR_CODES, type ErrorCode, type ErrorDetail } from '@bookings/domain';
import { type Json, type JsonObject, example } from './open-api-objects.ts';

const REQUEST_IDS = {
  date: '2026-11-29T09:30:00',
  'request-id': '6de1f37c-6607-4e29-ba6e-867c6f768490',
  'client-request-id': '5151c715-34fd-40ef-8ca9-d2484dcfd2ab',
};

const error = (
  code: string,
  message: string,
  innerError: JsonObject,
  details?: readonly ErrorDetail[],
): Json => ({
  error: {
    code,
    message,
    ...(details && { details: details.map((detail) => ({ ...detail })) }),
    innerError: { ...REQUEST_IDS, ...innerError },
  },
});

const MISSING_ROLE =
  'The caller holds an application token without any of the application permissions that would do: BookingsAppointment.ReadWrite.All.';

const DETAILS: Partial<Record<ErrorCode, readonly ErrorDetail[]>> = {
  BadRequest: [
    {
      code: 'InvalidProperty',
      message:
        'addresses[1].type must be null or one of unknown, home, business, other (case matters).',
      target: 'addresses[1].type',
    },
  ],
  Authorization_RequestDenied: [
    { code: 'MissingPermission', message: MISSING_ROLE, target: 'roles' },
  ],
};

/** A message of each error, as a caller may see it. */
const MESSAGES: Readonly<Record<ErrorCode, string>> = {
  BadRequest: 'The request body breaks one rule; see details.',
  InvalidAuthenticationToken: 'A bearer token is required.',
  Authorization_RequestDenied: MISSING_ROLE,
  ResourceNotFound: 'Resource not found.',
  Request_BadRequest: 'Specified HTTP method is not allowed for the request target.',
  RequestTimeout: 'The request did not arrive within 30 s.',
  IdempotencyKeyInUse:
    'A create with this Idempotency-Key, or of the same customer in this business, is in progress. Retry with the same key.',
  RequestEntityTooLarge: 'The body is larger than this service accepts.',
  UnsupportedMediaType: 'Content-Type must be application/json.',
  IdempotencyKeyReused:
    'This Idempotency-Key was already used with a different body. Use another key for another create.',
  FailedDependency: 'A request on which this request depends has failed.',
  TooManyRequests: 'Too many requests wait for this booking business.',
  RequestHeaderFieldsTooLarge: 'The headers are larger than 16 KiB.',
  InternalServerError: 'The proxy failed. Its log has the cause.',
  BadGateway: 'The connection to Graph failed.',
  ServiceUnavailable: 'Tokens for Graph are temporarily unavailable.',
  GatewayTimeout: 'Graph did not answer in time.',
};

/** Errors in the middle of a write, where the outcome matters. */
const OUTCOMES: Partial<Record<ErrorCode, JsonObject>> = {
  BadGateway: { outcome: 'not-sent' },
  GatewayTimeout: { outcome: 'unknown' },
};

/** The example of an error of the proxy. */
export const errorExample = (code: ErrorCode): JsonObject =>
  example(
    error(code, MESSAGES[code], { origin: 'proxy', ...OUTCOMES[code] }, DETAILS[code]),
    `Status ${ERROR_CODES[code].status}, of the proxy`,
  );

/** Examples of Graph's own errors, by the first digit of their status. */
export const GRAPH_ERROR_EXAMPLES = {
  '4XX': example(
    error('ErrorItemNotFound', 'The specified object was not found.', {}),
    'Status 404, of Graph',
  ),
  '5XX': example(error('UnknownError', '', { outcome: 'unknown' }), 'Status 500, of Graph'),
};
