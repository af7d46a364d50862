import { GraphError, type Outcome } from '@bookings/domain';

/** @param patterns of the paths that exist */
export function notFound(patterns: readonly string[]): GraphError {
  const message = `Resource not found: no route has this path. Paths are ${patterns.join(', ')}.`;
  return new GraphError('ResourceNotFound', message);
}

/** @param allowed the header is there also when it is empty (RFC 9110, 15.5.6) */
export function methodNotAllowed(allowed: readonly string[]): GraphError {
  const methods = allowed.join(', ');
  const named = methods === '' ? '' : ` Allowed are ${methods}.`;
  const message = `Specified HTTP method is not allowed for the request target.${named}`;
  return new GraphError('Request_BadRequest', message, { headers: { Allow: methods } });
}

export function bodyTooLarge(limitBytes: number, cause?: unknown): GraphError {
  const message = `The body is larger than this service accepts. The limit is ${limitBytes} bytes.`;
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
