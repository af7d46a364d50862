import { type ErrorCode, OPERATION_NAMES } from '@bookings/domain';
import { BATCH, BATCH_RESULT } from './customer-examples.ts';
import { customerOperation } from './customer-operations.ts';
import { WITH_BODY, WITH_TOKEN } from './error-codes.ts';
import { type Json, content, example, jsonBody, ref } from './open-api-objects.ts';
import type { OperationDoc } from './operation-doc.ts';
import { OPERATING_DOCS } from './operating-docs.ts';
import { PERMISSIONS } from './permissions-example.ts';
import { errorResponses, proxyResponse } from './responses.ts';

/** Content with a schema of the document and an example. */
const documented = (schema: string, value: Json, summary: string) =>
  content(ref('schemas', schema), 'application/json', example(value, summary));

const ERRORS: readonly ErrorCode[] = [...WITH_TOKEN, 'Authorization_RequestDenied'];

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
    description:
      'The status is 200 even if requests in the batch failed: each response has its own status. Each request needs the permission that it needs alone.',
    parameters: ['Retry-Attempt', 'client-request-id'],
    body: jsonBody('BatchRequests', example(BATCH, 'A create, then a count')),
    responses: {
      '200': proxyResponse(
        'One response for each request.',
        documented('BatchResponses', BATCH_RESULT, 'Both succeeded'),
      ),
      ...errorResponses([...ERRORS, ...WITH_BODY]),
    },
  },
  {
    method: 'get',
    path: '/permissions',
    operationId: 'permissions',
    needsToken: true,
    tag: 'Permissions',
    summary: 'List the permissions of the caller and the operations that they permit',
    description:
      'Any valid token is enough. What is missing for an operation is what its 403 would say.',
    parameters: ['askedBusiness', 'client-request-id'],
    responses: {
      '200': proxyResponse(
        'The verdict on each operation.',
        documented('Permissions', PERMISSIONS, 'A user who may read only'),
      ),
      ...errorResponses(ERRORS),
    },
  },
  ...OPERATING_DOCS,
];
