import type { ErrorCode } from '@bookings/domain';

/** Errors of every route. */
export const ANY_REQUEST: readonly ErrorCode[] = [
  'BadRequest',
  'RequestTimeout',
  'RequestHeaderFieldsTooLarge',
  'InternalServerError',
];

/** Errors of a route that needs a token. */
export const WITH_TOKEN: readonly ErrorCode[] = [
  ...ANY_REQUEST,
  'InvalidAuthenticationToken',
  'ServiceUnavailable',
];

/** Errors of a route that calls Graph. */
export const WITH_GRAPH: readonly ErrorCode[] = [
  ...WITH_TOKEN,
  'Authorization_RequestDenied',
  'TooManyRequests',
  'BadGateway',
  'GatewayTimeout',
];

/** More errors of a route with a request body. */
export const WITH_BODY: readonly ErrorCode[] = ['RequestEntityTooLarge', 'UnsupportedMediaType'];

/** More errors of a request with an Idempotency-Key. */
export const WITH_KEY: readonly ErrorCode[] = ['IdempotencyKeyInUse', 'IdempotencyKeyReused'];
