import { type ErrorCode, GraphError, type Outcome, isWrite } from '@bookings/domain';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownRoutes } from './known-routes.ts';
import { type RequestContext, setRequestIdHeaders } from './request-context.ts';

/** Answers with any error, whoever threw it, in Graph's shape. */
export type AnswerError = (request: FastifyRequest, reply: FastifyReply, error: unknown) => void;

export function errorAnswers(routes: KnownRoutes): AnswerError {
  return (request, reply, thrown) => {
    const { requestContext } = request;
    const error = graphError(request, thrown, routes);
    requestContext.error = error;
    requestContext.outcome = outcomeOf(requestContext, error);
    requestContext.requestId = error.requestId ?? requestContext.requestId;
    setRequestIdHeaders(reply, requestContext);
    reply
      .status(error.status)
      .headers(error.headers)
      .type('application/json')
      // Bytes, because to text Fastify would add a charset that Graph does not have.
      .send(Buffer.from(JSON.stringify(error.toBody(requestContext))));
  };
}

function graphError(request: FastifyRequest, thrown: unknown, routes: KnownRoutes): GraphError {
  if (thrown instanceof GraphError) return thrown;
  // Nest wraps an error that Fastify threw, ours included, when it has a status.
  const cause = thrown instanceof HttpException ? thrown.cause : undefined;
  if (cause instanceof GraphError) return cause;
  const status = statusOf(thrown) ?? 500;
  if (status === 404) return routes.refusal(request.url);
  const [code, message] = FOREIGN_ERRORS[status] ?? FAULT;
  return new GraphError(code, message, { cause: thrown });
}

type Coined = readonly [ErrorCode, string];

const MALFORMED: Coined = [
  'BadRequest',
  'The request is malformed: its URL, its headers or the length of its body.',
];
const FAULT: Coined = ['InternalServerError', 'The proxy failed. Its log has the cause.'];

/** What errors of Nest's and Fastify's mean to a caller, by their status. */
const FOREIGN_ERRORS: Readonly<Record<number, Coined>> = {
  400: MALFORMED,
  413: ['RequestEntityTooLarge', 'The body is larger than this service accepts.'],
  414: MALFORMED,
  415: ['UnsupportedMediaType', 'Content-Type must be application/json.'],
};

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number') {
    return thrown.statusCode;
  }
  return undefined;
}

/** Every 5xx answer to a write says whether the write may have happened. A read has no outcome. */
function outcomeOf(requestContext: RequestContext, error: GraphError): Outcome | undefined {
  const { operation, upstream } = requestContext;
  if (operation === undefined || !isWrite(operation)) return undefined;
  if (error.outcome !== undefined || error.status < 500) return error.outcome;
  return upstream.attempts === 0 ? 'not-sent' : 'unknown';
}
