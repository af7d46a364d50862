import { type ErrorCode, OPERATION_NAMES } from '@bookings/domain';
import { customerOperation } from './customer-operations.ts';
import { ANY_REQUEST, WITH_BODY, WITH_TOKEN } from './error-codes.ts';
import { type Json, content, jsonBody, ref } from './open-api-objects.ts';
import type { OperationDoc } from './operation-doc.ts';
import { errorResponses, proxyResponse } from './responses.ts';

/** Every route, in the order of the documentation page. */
export const OPERATION_DOCS: readonly OperationDoc[] = [
  ...OPERATION_NAMES.map(customerOperation),
  {
    method: 'post',
    path: '/v1.0/$batch',
    operationId: 'batch',
    needsToken: true,
    tag: 'Batch',
    summary:
      'Send up to 20 requests about customers at once; each is handled as a request of its own',
    parameters: ['client-request-id'],
    body: jsonBody('BatchRequests'),
    responses: {
      '200': proxyResponse(
        'One response for each request.',
        content(ref('schemas', 'BatchResponses')),
      ),
      ...errorResponses([...WITH_TOKEN, ...WITH_BODY, 'Authorization_RequestDenied']),
    },
  },
  {
    method: 'get',
    path: '/permissions',
    operationId: 'permissions',
    needsToken: true,
    tag: 'Permissions',
    summary: 'List the permissions of the caller and the operations that they permit',
    parameters: ['askedBusiness', 'client-request-id'],
    responses: {
      '200': proxyResponse(
        'The verdict on each operation.',
        content(ref('schemas', 'Permissions')),
      ),
      ...errorResponses([...WITH_TOKEN, 'Authorization_RequestDenied']),
    },
  },
  operating('livez', 'Whether the process runs', 'application/json'),
  operating(
    'readyz',
    'Whether it can serve; `degraded` names what is unavailable',
    'application/json',
    ['ServiceUnavailable'],
  ),
  operating('metrics', 'Metrics in the text format of Prometheus', 'text/plain'),
  cached(operating('openapi.json', 'This document', 'application/json')),
  cached(operating('docs', 'This document as a page to try it out', 'text/html')),
];

function operating(
  path: string,
  summary: string,
  mediaType: string,
  errors: readonly ErrorCode[] = [],
): OperationDoc {
  const schema: Json = { type: mediaType === 'application/json' ? 'object' : 'string' };
  const responses = {
    '200': proxyResponse('The response.', content(schema, mediaType), []),
    ...errorResponses([...ANY_REQUEST, ...errors]),
  };
  const operationId = path.replace('.json', '');
  const common = { method: 'get', needsToken: false, tag: 'Operating' } as const;
  return { ...common, path: `/${path}`, operationId, summary, responses };
}

/** Content that stays the same while the process runs. */
function cached(doc: OperationDoc): OperationDoc {
  const notModified = proxyResponse('Not modified.', undefined, ['ETag']);
  const responses = { ...doc.responses, '304': notModified };
  return { ...doc, parameters: ['If-None-Match'], responses };
}
