import { Readable } from 'node:stream';
import type { UpstreamAnswer, UpstreamPage } from '@bookings/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endOfTurn } from '../http/end-of-turn.ts';
import { giveBack } from '../http/give-back.ts';
import { identify } from '../http/request-trail.ts';

/** What is no longer than this is put into one piece: a stream would cost more than to copy it. */
const COPIED_BYTES = 65_536;

/**
 * Answers with what Graph answered: its status and its bytes, and how long it took. What has been
 * answered in one turn of the event loop leaves together.
 */
export async function passOn(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: UpstreamAnswer | UpstreamPage,
): Promise<void> {
  await endOfTurn.reached('answer');
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
  const length = 'body' in answer ? answer.body.length : bytesOf(answer.pieces);
  if (length === 0) {
    reply.send();
    return;
  }
  reply.type(answer.contentType);
  if ('body' in answer) reply.send(answer.body);
  else sendPage(reply, answer.pieces, length);
}

/** Gives the memory of `pieces` back as soon as it can: `finish` comes when all has been written. */
function sendPage(reply: FastifyReply, pieces: readonly Buffer[], length: number): void {
  if (length > COPIED_BYTES) {
    reply.raw.once('finish', () => {
      giveBack(pieces);
    });
    reply.header('Content-Length', length).send(streamOf(pieces));
    return;
  }
  const whole = Buffer.concat(pieces);
  giveBack(pieces);
  reply.raw.once('finish', () => {
    giveBack([whole]);
  });
  reply.send(whole);
}

function bytesOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function streamOf(pieces: readonly Buffer[]): Readable {
  const left = pieces.values();
  return new Readable({
    read() {
      this.push(left.next().value ?? null);
    },
  });
}
