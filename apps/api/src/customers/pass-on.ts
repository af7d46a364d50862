import type { UpstreamAnswer } from '@bookings/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { identify } from '../http/request-trail.ts';

/** Answers with what Graph answered: its status and its bytes, and how long it took. */
export function passOn(request: FastifyRequest, reply: FastifyReply, answer: UpstreamAnswer): void {
  const { trail } = request;
  trail.requestId = answer.requestId ?? trail.requestId;
  identify(reply, trail);
  const { queuedMs, upstreamMs } = trail.upstream;
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
