import type { UpstreamResponse } from '@bookings/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setRequestIdHeaders } from './request-context.ts';

/** Sends Graph's response with its status and its bytes, and adds `Server-Timing`. */
export function sendUpstreamResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: UpstreamResponse,
): void {
  const { requestContext } = request;
  requestContext.requestId = answer.requestId ?? requestContext.requestId;
  setRequestIdHeaders(reply, requestContext);
  const { queuedMs, upstreamMs } = requestContext.upstream;
  reply
    .status(answer.status)
    .headers(answer.headers)
    .header(
      'Server-Timing',
      `queue;dur=${queuedMs.toFixed(1)}, graph;dur=${upstreamMs.toFixed(1)}`,
    );
  if (answer.body.length === 0) reply.send();
  else reply.type(answer.contentType).send(answer.body);
}
