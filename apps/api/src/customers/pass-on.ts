import type { UpstreamAnswer } from '@bookings/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EndOfTurn } from '../http/end-of-turn.ts';
import { identify } from '../http/request-trail.ts';

const endOfTurn = new EndOfTurn();

/**
 * Answers with what Graph answered: its status and its bytes, and how long it took. What has been
 * answered in one turn of the event loop leaves together.
 */
export async function passOn(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: UpstreamAnswer,
): Promise<void> {
  await endOfTurn.reached();
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
