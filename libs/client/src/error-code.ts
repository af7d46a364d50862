/** A code that the proxy coins. Its errors are in the table of the API's documentation. */
type ProxyErrorCode =
  | 'Authorization_RequestDenied'
  | 'BadGateway'
  | 'BadRequest'
  | 'CustomerNotUnique'
  | 'FailedDependency'
  | 'GatewayTimeout'
  | 'IdempotencyKeyInUse'
  | 'IdempotencyKeyReused'
  | 'InternalServerError'
  | 'InvalidAuthenticationToken'
  | 'RequestEntityTooLarge'
  | 'RequestHeaderFieldsTooLarge'
  | 'RequestTimeout'
  | 'Request_BadRequest'
  | 'ResourceNotFound'
  | 'ServiceUnavailable'
  | 'TooManyRequests'
  | 'UnsupportedMediaType';

/** Codes that Graph was seen to send for Bookings. It publishes no list. */
type GraphErrorCode =
  | 'ApplicationThrottled'
  | 'ErrorAccessDenied'
  | 'ErrorFolderNotFound'
  | 'ErrorInvalidRequest'
  | 'ErrorNonExistentMailbox'
  // Not seen, but Exchange, where bookings are stored, sends it for an item that does not exist.
  | 'ErrorItemNotFound';

/** `UnknownError` is for a response in another shape. The others are for no response. */
type ClientErrorCode = 'ConnectionFailed' | 'DeadlineExceeded' | 'UnknownError';

/** The codes of the proxy and of this client, and those that Graph was seen to send. */
export type KnownErrorCode = ProxyErrorCode | GraphErrorCode | ClientErrorCode;

/**
 * Any code. The known ones are for completion in editors: Graph may send others, also an empty one,
 * and a later proxy may coin others.
 */
export type ErrorCode = KnownErrorCode | (string & Record<never, never>);
