import type { UpstreamResponse } from '@bookings/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setRequestIdHeaders } from './request-context.ts';

/** Sends Graph's response with its status and its bytes, and adds `Server-Timing`. */
export function sendUpstreamResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  response: UpstreamResponse,
): void {
  const { requestContext } = request;
  requestContext.requestId = response.requestId ?? requestContext.requestId;
  setRequestIdHeaders(reply, requestContext);
  const { queuedMs, upstreamMs } = requestContext.upstream;
  reply
    .status(response.status)
    .headers(response.headers)
    .header(
      'Server-Timing',
      `queue;dur=${queuedMs.toFixed(1)}, graph;dur=${upstreamMs.toFixed(1)}`,
    );
  if (response.body.length === 0) reply.send();
  else reply.type(response.contentType).send(response.body);
}
