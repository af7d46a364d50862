import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { GraphError } from '@bookings/domain';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequiresToken } from '../auth/requires.decorator.ts';
import { asBatchPart } from '../http/batch-context.ts';
import { internalError } from '../http/errors.ts';
import { type RefusedHeader, UNIQUE_BY, refuseHeaders } from '../http/forwarded-request.ts';
import { refuseSimilarKeys } from '../http/similar-keys.ts';
import { JsonBodyPipe } from '../http/request-params.ts';
import { setRequestIdHeaders } from '../http/request-context.ts';
import { RequestLog } from '../http/request-log.ts';
import { BatchBudget, ProcessBudget } from './response-budget.ts';
import { type BatchPart, readBatch } from './batch-request.ts';
import { type PartResponse, readPartResponse, batchBody, lengthOf } from './part-response.ts';
import { partRequest } from './part-request.ts';
import { refusePart } from './refuse-part.ts';
import { runBatch } from './run-batch.ts';

/** Headers that a client could take to apply to every part. */
const REFUSED_HEADERS: readonly RefusedHeader[] = [
  ['idempotency-key', 'set it in the "headers" of each create in the batch'],
  ['if-match', 'set it in the "headers" of each request in the batch'],
  UNIQUE_BY,
];

/** JSON batching. Every part is handled like a request of its own. */
@Controller('v1.0')
export class BatchController {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly processBudget: ProcessBudget,
    private readonly requestLog: RequestLog,
  ) {}

  @Post('$batch')
  @RequiresToken()
  async batch(
    @Body(new JsonBodyPipe(readBatch)) parts: BatchPart[],
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseHeaders(request, REFUSED_HEADERS);
    refuseSimilarKeys(request);
    const budget = new BatchBudget(this.processBudget, request.requestContext.disconnect.signal);
    // `close` also follows when the client disconnects before it has read the response.
    reply.raw.once('close', () => {
      budget.close();
    });
    const responses = await runBatch(
      parts,
      (part) => this.#response(part, request, budget),
      (part) => this.#refuse(part, request, failedDependency(), performance.now()),
    );
    const chunks = batchBody(responses);
    setRequestIdHeaders(reply, request.requestContext);
    reply
      .status(200)
      .type('application/json')
      .header('Content-Length', lengthOf(chunks))
      .send(Readable.from(chunks));
  }

  async #response(
    part: BatchPart,
    request: FastifyRequest,
    budget: BatchBudget,
  ): Promise<PartResponse> {
    const arrivedAtMs = performance.now();
    try {
      return await this.#send(part, request, budget);
    } catch (error) {
      // No response is needed when the client of the batch has disconnected.
      if (request.requestContext.disconnect.signal.aborted) throw error;
      // A failure of the proxy affects only this part of the batch.
      const known = error instanceof GraphError ? error : internalError(error, 'unknown');
      return this.#refuse(part, request, known, arrivedAtMs);
    }
  }

  async #send(
    part: BatchPart,
    request: FastifyRequest,
    budget: BatchBudget,
  ): Promise<PartResponse> {
    const { target, headers, maxResponseBytes } = partRequest(part, request);
    const release = await budget.reserve(maxResponseBytes);
    let keptBytes = 0;
    try {
      const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
      const { disconnect, clientRequestId, callerRequestId, traceId, span } =
        request.requestContext;
      const madeRequestId = callerRequestId === undefined ? clientRequestId : undefined;
      const context = { signal: disconnect.signal, target, madeRequestId, traceId, span };
      const response = await asBatchPart(context, async () => {
        const injected = await fastify.inject({
          method: part.method,
          url: target,
          headers,
          remoteAddress: request.raw.socket.remoteAddress ?? '',
          payloadAsStream: true,
          ...(part.body !== undefined && { payload: JSON.stringify(part.body) }),
        });
        return readPartResponse(part.id, injected);
      });
      keptBytes = lengthOf(response.json);
      return response;
    } finally {
      release(keptBytes);
    }
  }

  #refuse(
    part: BatchPart,
    request: FastifyRequest,
    error: GraphError,
    arrivedAtMs: number,
  ): PartResponse {
    return refusePart(part, error, request.requestContext, arrivedAtMs, this.requestLog);
  }
}

function failedDependency(): GraphError {
  return new GraphError('FailedDependency', 'A request on which this request depends has failed.');
}
