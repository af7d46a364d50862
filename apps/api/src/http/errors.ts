import { GraphError, type Outcome } from '@bookings/domain';

export function notFound(): GraphError {
  return new GraphError('ResourceNotFound', 'Resource not found.');
}

/** @param allowed methods for the `Allow` header */
export function methodNotAllowed(allowed?: readonly string[]): GraphError {
  const message = 'Specified HTTP method is not allowed for the request target.';
  const headers = allowed && { Allow: allowed.join(', ') };
  return new GraphError('Request_BadRequest', message, { ...(headers && { headers }) });
}

export function bodyTooLarge(cause?: unknown): GraphError {
  const message = 'The body is larger than this service accepts.';
  return new GraphError('RequestEntityTooLarge', message, { cause });
}

export function unsupportedMediaType(
  message = 'Content-Type must be application/json.',
  cause?: unknown,
): GraphError {
  return new GraphError('UnsupportedMediaType', message, { cause });
}

/** A failure of the proxy itself. The response says nothing of the cause. */
export function internalError(cause: unknown, outcome?: Outcome): GraphError {
  const message = 'The proxy failed. Its log has the cause.';
  return new GraphError('InternalServerError', message, { ...(outcome && { outcome }), cause });
}
