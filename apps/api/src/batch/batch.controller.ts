import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { GraphError } from '@bookings/domain';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequiresToken } from '../auth/requires.decorator.ts';
import { asBatchPart } from '../http/batch-context.ts';
import { type RefusedHeader, refuseHeaders } from '../http/forwarded-request.ts';
import { JsonBodyPipe } from '../http/request-params.ts';
import { setRequestIdHeaders } from '../http/request-context.ts';
import { RefusedParts } from '../observability/request-log.ts';
import { BatchBudget, ProcessBudget } from './answer-budget.ts';
import { type BatchPart, readBatch } from './batch-request.ts';
import { type PartAnswer, answerToPart, batchAnswer, lengthOf } from './part-answer.ts';
import { partRequest } from './part-request.ts';
import { refusePart } from './refuse-part.ts';
import { runBatch } from './run-batch.ts';

/** Header fields that would seem to be of the parts. */
const WITH_PARTS: readonly RefusedHeader[] = [
  ['idempotency-key', 'each create of a batch has its own, in its "headers"'],
  ['if-match', 'each request of a batch has its own, in its "headers"'],
];

/** JSON batching, for clients that are written for it: every part goes the way of a request. */
@Controller('v1.0')
export class BatchController {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly processBudget: ProcessBudget,
    private readonly refusedParts: RefusedParts,
  ) {}

  @Post('$batch')
  @RequiresToken()
  async batch(
    @Body(new JsonBodyPipe(readBatch)) parts: BatchPart[],
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseHeaders(request, WITH_PARTS);
    const budget = new BatchBudget(this.processBudget, request.requestContext.disconnect.signal);
    // Also the end of a connection over which the answer is never read.
    reply.raw.once('close', () => {
      budget.close();
    });
    const answers = await runBatch(
      parts,
      (part) => this.#answer(part, request, budget),
      (part) => this.#refuse(part, request, failedDependency(), performance.now()),
    );
    const pieces = batchAnswer(answers);
    setRequestIdHeaders(reply, request.requestContext);
    reply
      .status(200)
      .type('application/json')
      .header('Content-Length', lengthOf(pieces))
      .send(Readable.from(pieces));
  }

  async #answer(
    part: BatchPart,
    request: FastifyRequest,
    budget: BatchBudget,
  ): Promise<PartAnswer> {
    const arrivedAtMs = performance.now();
    try {
      return await this.#send(part, request, budget);
    } catch (error) {
      // The client of the batch has left: there is no one to answer.
      if (request.requestContext.disconnect.signal.aborted) throw error;
      const known = error instanceof GraphError ? error : partFailed(error);
      return this.#refuse(part, request, known, arrivedAtMs);
    }
  }

  async #send(part: BatchPart, request: FastifyRequest, budget: BatchBudget): Promise<PartAnswer> {
    const { target, headers, maxAnswerBytes } = partRequest(part, request);
    const settle = await budget.reserve(maxAnswerBytes);
    let takenBytes = 0;
    try {
      const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
      const answer = await asBatchPart(request.requestContext.disconnect.signal, async () => {
        const injected = await fastify.inject({
          method: part.method,
          url: target,
          headers,
          remoteAddress: request.raw.socket.remoteAddress ?? '',
          payloadAsStream: true,
          ...(part.body !== undefined && { payload: JSON.stringify(part.body) }),
        });
        return answerToPart(part.id, injected);
      });
      takenBytes = lengthOf(answer.json);
      return answer;
    } finally {
      settle(takenBytes);
    }
  }

  #refuse(
    part: BatchPart,
    request: FastifyRequest,
    error: GraphError,
    arrivedAtMs: number,
  ): PartAnswer {
    return refusePart(part, error, request.requestContext, arrivedAtMs, this.refusedParts);
  }
}

/** A fault of the proxy costs its own part alone: the other parts keep their results. */
function partFailed(cause: unknown): GraphError {
  const message = 'The proxy failed. Its log has the cause.';
  return new GraphError('InternalServerError', message, { outcome: 'unknown', cause });
}

function failedDependency(): GraphError {
  return new GraphError('FailedDependency', 'A request that this one depends on has failed.');
}
