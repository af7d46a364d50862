import { GraphError } from '@bookings/domain';
import type { FastifyRequest, preValidationHookHandler } from 'fastify';
import { batchPart } from './batch-context.ts';

/**
 * Refuses new requests with 503 once the process drains, so that the drain ends under steady load too.
 * Probes and documents are served, and so are the parts of a batch that is running. For the hook after
 * the body: a connection that is closed with unread input loses its response (RFC 9112, 9.6).
 *
 * @param isNew whether a request arrived after the drain began
 */
export function refuseWhileDraining(
  isNew: (request: FastifyRequest) => boolean,
): preValidationHookHandler {
  return (request, _reply, done) => {
    if (!isNew(request) || request.routeOptions.config.isPublic || batchPart()) done();
    else done(shuttingDown());
  };
}

function shuttingDown(): GraphError {
  const message =
    'This process is shutting down, so nothing was sent to Graph. Repeat the request.';
  return new GraphError('ServiceUnavailable', message, {
    outcome: 'not-sent',
    headers: { 'Retry-After': '1' },
  });
}
