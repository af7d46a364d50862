import { GraphError } from '@bookings/domain';

const TARGET = 'idempotency-key';
const REPEAT =
  'Repeat the request with the same Idempotency-Key, or without a key and with a Retry-Attempt header.';

/**
 * Whether Graph may have created the customer in spite of the error. An unexpected error leaves the
 * outcome unknown as soon as something was sent.
 */
export function mayHaveSucceeded(error: unknown, hasSent: boolean): boolean {
  if (!(error instanceof GraphError)) return hasSent;
  return error.outcome === 'unknown' || (error.outcome === undefined && error.status >= 500);
}

/** 409: the create is in progress, or another one with the same fingerprint. */
export function keyInUse(): GraphError {
  const message = `This create, or another one of the same customer in this business, is in progress. ${REPEAT}`;
  return new GraphError('IdempotencyKeyInUse', message, { headers: { 'Retry-After': '1' } });
}

/** 422: the fingerprint differs from the one that the key was first used with. */
export function keyReused(): GraphError {
  const message =
    'This Idempotency-Key was already used with a different body. Use another key for another create.';
  const details = [{ code: 'IdempotencyKeyReused', message, target: TARGET }];
  return new GraphError('IdempotencyKeyReused', message, { details });
}

/** 503: the store cannot be used. Nothing was sent to Graph. */
export function storeUnavailable(cause: unknown): GraphError {
  const message = 'This create could not be remembered, so nothing was sent to Graph.';
  const headers = { 'Retry-After': '5' };
  return new GraphError('ServiceUnavailable', message, { outcome: 'not-sent', headers, cause });
}

/**
 * 503: the customer may exist, and the stored response to its create is lost. A repeat gets the same
 * error until an operator resolves the key.
 */
export function recordDamaged(): GraphError {
  const message =
    'The stored record of this create is damaged, so nothing was sent to Graph. The customer may exist. An operator must resolve the key.';
  return new GraphError('ServiceUnavailable', message, {
    outcome: 'unknown',
    headers: { 'Retry-After': '60' },
    details: [{ code: 'IdempotencyRecordDamaged', message, target: TARGET }],
  });
}

/**
 * 504: it is unknown whether the customer exists.
 *
 * @param options.inMs when a retry may give the answer; 1 s by default
 * @param options.cause why the lookup failed, or how the attempt after it ended
 */
export function outcomeUnknown(options: { inMs?: number; cause?: unknown } = {}): GraphError {
  const { inMs = 1000, cause } = options;
  const message = `An earlier attempt may have created the customer, and the outcome is still unknown. ${REPEAT}`;
  const retryAfter = String(Math.max(1, Math.ceil(inMs / 1000)));
  const known = cause instanceof GraphError ? cause : undefined;
  return new GraphError('GatewayTimeout', message, {
    outcome: 'unknown',
    headers: { 'Retry-After': known?.headers['Retry-After'] ?? retryAfter },
    ...(known && { details: [{ code: known.code, message: known.message }] }),
    cause,
  });
}

/** 504: the customer exists, but the store did not save the response. */
export function responseNotStored(cause: unknown): GraphError {
  const message = `The customer was created, but the response could not be stored. ${REPEAT}`;
  const headers = { 'Retry-After': '5' };
  return new GraphError('GatewayTimeout', message, { outcome: 'unknown', headers, cause });
}

/** 504: another request has acquired the key after the lease of this one expired. */
export function leaseLost(): GraphError {
  const message = `This create took too long, and another request has taken it over. ${REPEAT}`;
  const headers = { 'Retry-After': '1' };
  return new GraphError('GatewayTimeout', message, { outcome: 'unknown', headers });
}
