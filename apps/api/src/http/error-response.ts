import { GraphError, type Outcome, isWrite } from '@bookings/domain';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyTooLarge, internalError, unsupportedMediaType } from './errors.ts';
import type { KnownRoutes } from './known-routes.ts';
import { setRequestIdHeaders } from './request-context.ts';

/** Sends any thrown value as an error response in Graph's shape. */
export type SendError = (request: FastifyRequest, reply: FastifyReply, error: unknown) => void;

export function errorResponder(routes: KnownRoutes): SendError {
  return (request, reply, thrown) => {
    const { requestContext } = request;
    const error = graphError(request, thrown, routes);
    requestContext.error = error;
    requestContext.outcome = outcomeOf(request, error);
    requestContext.requestId = error.requestId ?? requestContext.requestId;
    setRequestIdHeaders(reply, requestContext);
    reply
      .status(error.status)
      .headers(error.headers)
      .type('application/json')
      // Fastify adds a charset to a string, and Graph sends none.
      .send(Buffer.from(JSON.stringify(error.toBody(requestContext))));
  };
}

function graphError(request: FastifyRequest, thrown: unknown, routes: KnownRoutes): GraphError {
  if (thrown instanceof GraphError) return thrown;
  // Nest wraps an error of Fastify's that has a status, including a GraphError from a hook.
  const cause = thrown instanceof HttpException ? thrown.cause : undefined;
  if (cause instanceof GraphError) return cause;
  const status = statusOf(thrown) ?? 500;
  if (status === 404) return routes.refusal(request.url);
  return frameworkError(status, thrown, request);
}

/** An error of Nest's or Fastify's, by its status. */
function frameworkError(status: number, cause: unknown, request: FastifyRequest): GraphError {
  switch (status) {
    case 400:
    case 414:
      return new GraphError('BadRequest', MALFORMED, { cause });
    case 413:
      return bodyTooLarge(request.routeOptions.bodyLimit, cause);
    case 415:
      return unsupportedMediaType(undefined, cause);
    default:
      return internalError(cause);
  }
}

const MALFORMED = 'The request is malformed: its URL, its headers or the length of its body.';

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number') {
    return thrown.statusCode;
  }
  return undefined;
}

/** Every 5xx response to a write says whether the write may have happened. A read has no outcome. */
function outcomeOf(request: FastifyRequest, error: GraphError): Outcome | undefined {
  const { operation, upstream } = request.requestContext;
  // A batch has no operation of its own, and may have writes.
  if (operation === undefined) return request.method === 'POST' ? error.outcome : undefined;
  if (!isWrite(operation)) return undefined;
  if (error.outcome !== undefined || error.status < 500) return error.outcome;
  return upstream.attempts === 0 ? 'not-sent' : 'unknown';
}
