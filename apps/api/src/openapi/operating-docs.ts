import type { ErrorCode } from '@bookings/domain';
import { ANY_REQUEST } from './error-codes.ts';
import { type Json, type JsonObject, content, described, example } from './open-api-objects.ts';
import type { OperationDoc } from './operation-doc.ts';
import { errorResponses, proxyResponse } from './responses.ts';

const status = (value: string): JsonObject => ({
  type: 'object',
  description: 'The state of the process.',
  required: ['status'],
  properties: { status: { const: value, description: `Always \`${value}\`.` } },
});

const READY: JsonObject = {
  ...status('ready'),
  properties: {
    status: { const: 'ready', description: 'Requests are served.' },
    degraded: {
      type: 'array',
      description: 'What is refused, and why. Absent when nothing is.',
      items: { type: 'string' },
    },
  },
};

const json = (schema: JsonObject, value: Json, summary: string): JsonObject =>
  content(schema, 'application/json', example(value, summary));

const text = (mediaType: string, description: string, value: string, summary: string): JsonObject =>
  content(described('string', description), mediaType, example(value, summary));

const ANY_OBJECT: JsonObject = {
  type: 'object',
  description: 'A document by the OpenAPI specification.',
  additionalProperties: true,
};

/** The routes for operators and tools. */
export const OPERATING_DOCS: readonly OperationDoc[] = [
  operating(
    'livez',
    'Whether the process runs',
    'It checks nothing: a process that responds is alive.',
    json(status('alive'), { status: 'alive' }, 'The process runs'),
  ),
  operating(
    'readyz',
    'Whether it can serve; "degraded" names what is unavailable',
    'It is 503 until the process can serve, and from the start of a shutdown on.',
    json(READY, { status: 'ready' }, 'All requests are served'),
    ['ServiceUnavailable'],
  ),
  operating(
    'metrics',
    'Metrics in the text format of Prometheus',
    'Counters and durations of requests, of the queues and of the store. They name no customer.',
    text(
      'text/plain',
      'Lines of the text format.',
      'process_start_time_seconds 1764408600\n',
      'One metric',
    ),
  ),
  cached(
    operating(
      'openapi.json',
      'This document',
      'It stays the same while the process runs.',
      json(ANY_OBJECT, { openapi: '3.1.1' }, 'The start of it'),
    ),
  ),
  cached(
    operating(
      'docs',
      'This document as a page to try it out',
      'The page loads files of this service only. `/` leads to it.',
      text('text/html', 'The page.', '<!doctype html>', 'The start of it'),
    ),
  ),
];

function operating(
  path: string,
  summary: string,
  description: string,
  success: JsonObject,
  errors: readonly ErrorCode[] = [],
): OperationDoc {
  const responses = {
    '200': proxyResponse('The response.', success, []),
    ...errorResponses([...ANY_REQUEST, ...errors]),
  };
  const operationId = path.replace('.json', '');
  const common = { method: 'get', needsToken: false, tag: 'Operating' } as const;
  return { ...common, path: `/${path}`, operationId, summary, description, responses };
}

/** Content that stays the same while the process runs. */
function cached(doc: OperationDoc): OperationDoc {
  const notModified = proxyResponse('Not modified.', undefined, ['ETag']);
  const responses = { ...doc.responses, '304': notModified };
  return { ...doc, parameters: ['If-None-Match'], responses };
}
