import { GraphError, parsedJson, signalOf } from '@bookings/domain';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  LightMyRequestResponse,
} from 'fastify';
import { RequiresToken } from '../auth/requires.decorator.ts';
import { canonicalPath, leadsToCustomers } from '../http/graph-path.ts';
import { type RefusedHeader, refuseHeaders } from '../http/graph-request.ts';
import { ParsedBody } from '../http/request-parts.ts';
import { identify } from '../http/request-trail.ts';
import { type BatchPart, readBatch } from './batch-request.ts';
import { type BatchAnswer, runBatch } from './run-batch.ts';

/** Header fields of a part that are not its own to say. */
const NOT_OF_A_PART: readonly string[] = [
  'authorization',
  'connection',
  'content-length',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Header fields that would seem to be of the parts. */
const WITH_PARTS: readonly RefusedHeader[] = [
  ['idempotency-key', 'each create of a batch has its own, in its "headers"'],
  ['if-match', 'each request of a batch has its own, in its "headers"'],
];

/** Header fields of an answer that come back with it, spelled as Graph spells them. */
const ANSWERED: readonly string[] = [
  'Allow',
  'Bookings-Warning',
  'Content-Type',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'Server-Timing',
  'WWW-Authenticate',
  'client-request-id',
  'request-id',
];

/** JSON batching, for clients that are written for it: every part goes the way of a request. */
@Controller('v1.0')
export class BatchController {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  @Post('$batch')
  @RequiresToken()
  async batch(
    @ParsedBody(readBatch) parts: BatchPart[],
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseHeaders(request, WITH_PARTS);
    const responses = await runBatch(
      parts,
      (part) => this.#send(part, request),
      () => answerOf(request, failedDependency()),
    );
    identify(reply, request.trail);
    reply
      .status(200)
      .type('application/json')
      .send(Buffer.from(JSON.stringify({ responses })));
  }

  async #send(part: BatchPart, request: FastifyRequest): Promise<BatchAnswer> {
    const target = targetOf(part.url);
    if (target === undefined) return answerOf(request, elsewhere());
    const { body } = part;
    const answer = await this.adapterHost.httpAdapter.getInstance<FastifyInstance>().inject({
      method: part.method,
      url: target,
      headers: headersOf(part, request),
      remoteAddress: request.raw.socket.remoteAddress ?? '',
      signal: signalOf(request.trail.departure),
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return readAnswer(answer) ?? answerOf(request, unreadable());
  }
}

/** The address of a part within the proxy; undefined when it is none of customers. */
function targetOf(url: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return undefined;
  const target = canonicalPath(url.startsWith('/') ? url : `/${url}`);
  // A URL parser would climb up at dot segments.
  const climbs = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(target);
  return leadsToCustomers(target) && !climbs ? target : undefined;
}

/** The part's own, under the identity and the address of the whole. */
function headersOf(part: BatchPart, { headers, trail }: FastifyRequest): Record<string, string> {
  const own = Object.entries(part.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !NOT_OF_A_PART.includes(name) && !name.startsWith('x-forwarded-'));
  const outer = ['authorization', 'host', 'x-forwarded-host', 'x-forwarded-proto'].flatMap(
    (name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    },
  );
  return Object.fromEntries([['client-request-id', trail.clientRequestId], ...own, ...outer]);
}

/** Undefined for what cannot be read: the customers of a page come here unread. */
function readAnswer(answer: LightMyRequestResponse): BatchAnswer | undefined {
  const headers = ANSWERED.flatMap((name) => {
    const value = answer.headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const part = { status: answer.statusCode, headers: Object.fromEntries(headers) };
  if (answer.body === '') return part;
  if (!isJson(answer.headers['content-type'])) return { ...part, body: answer.body };
  const body = parsedJson(answer.rawPayload);
  return body === undefined ? undefined : { ...part, body };
}

function isJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && /^application\/json\b/i.test(contentType);
}

function answerOf(request: FastifyRequest, error: GraphError): BatchAnswer {
  const requestId = crypto.randomUUID();
  const { clientRequestId } = request.trail;
  return {
    status: error.status,
    headers: {
      'Content-Type': 'application/json',
      'client-request-id': clientRequestId,
      'request-id': requestId,
    },
    body: error.toBody({ requestId, clientRequestId }),
  };
}

function failedDependency(): GraphError {
  return new GraphError('FailedDependency', 'A request that this one depends on has failed.');
}

function unreadable(): GraphError {
  return new GraphError('BadGateway', 'Graph answered with a page that cannot be read.');
}

function elsewhere(): GraphError {
  return new GraphError('ResourceNotFound', 'In a batch only customers have an address.');
}
