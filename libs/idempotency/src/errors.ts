import { GraphError } from '@bookings/domain';

const TARGET = 'idempotency-key';

/** Somebody is at work under the key, or at a create of the same customer. */
export function keyInUse(): GraphError {
  const message =
    'A create with this Idempotency-Key, or of the same customer in this business, is under way. Ask again with the same key.';
  return new GraphError('IdempotencyKeyInUse', message, { headers: { 'Retry-After': '1' } });
}

export function keyReused(): GraphError {
  const message =
    'This Idempotency-Key was sent before with another body. Another create needs another key.';
  const details = [{ code: 'IdempotencyKeyReused', message, target: TARGET }];
  return new GraphError('IdempotencyKeyReused', message, { details });
}

/** The store cannot be used, and nothing was sent. */
export function cannotRemember(cause: unknown): GraphError {
  const message = 'This create could not be remembered, so nothing was sent to Graph.';
  const headers = { 'Retry-After': '5' };
  return new GraphError('ServiceUnavailable', message, { outcome: 'not-sent', headers, cause });
}

/**
 * Nobody can say whether the customer exists.
 *
 * @param options.inMs when asking again may tell
 * @param options.cause why it could not be found out, or what became of the attempt that followed
 */
export function stillUnknown(options: { inMs?: number; cause?: unknown } = {}): GraphError {
  const { inMs = 1000, cause } = options;
  const message =
    'An earlier attempt under this Idempotency-Key may have created the customer, and it could not be found out whether it did. Ask again with the same key.';
  const retryAfter = String(Math.max(1, Math.ceil(inMs / 1000)));
  const known = cause instanceof GraphError ? cause : undefined;
  return new GraphError('GatewayTimeout', message, {
    outcome: 'unknown',
    headers: { 'Retry-After': known?.headers['Retry-After'] ?? retryAfter },
    ...(known && { details: [{ code: known.code, message: known.message }] }),
    cause,
  });
}

/** The customer is there, and the store could not be told. */
export function notRemembered(cause: unknown): GraphError {
  const message =
    'The customer was created, but that could not be remembered. Ask again with the same key.';
  const headers = { 'Retry-After': '5' };
  return new GraphError('GatewayTimeout', message, { outcome: 'unknown', headers, cause });
}

/** Another process has taken the key over: what this one did may count, or not. */
export function claimLost(): GraphError {
  const message =
    'This create took too long, and another request goes on with its Idempotency-Key. Ask again with the same key.';
  const headers = { 'Retry-After': '1' };
  return new GraphError('GatewayTimeout', message, { outcome: 'unknown', headers });
}
