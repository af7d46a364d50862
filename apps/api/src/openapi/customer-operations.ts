import { DOCUMENTED_CUSTOMER, OPERATIONS, type Operation, isWrite } from '@bookings/domain';
import { WITH_BODY, WITH_GRAPH, WITH_KEY } from './error-codes.ts';
import { type Json, type JsonObject, content, jsonBody, ref } from './open-api-objects.ts';
import type { OperationDoc } from './operation-doc.ts';
import { type HeaderName, errorResponses, graphResponse } from './responses.ts';

/** What the documentation of an operation adds to its row in the table of operations. */
interface Details {
  /** Names of parameter components other than the path's. */
  readonly parameters: readonly string[];
  /** For OpenAPI, in addition to the summary. */
  readonly description?: string;
  readonly body?: JsonObject;
  /** Without a schema the response has no body. */
  readonly success: {
    readonly description: string;
    readonly schema?: Json;
    readonly mediaType?: string;
    readonly headers?: readonly HeaderName[];
  };
}

const WRITE_HEADERS = ['client-request-id', 'Prefer', 'traceparent'];
const READ_HEADERS = [...WRITE_HEADERS, 'If-None-Match'];
const LIST_OPTIONS = [
  'count',
  'top',
  'skip',
  'skiptoken',
  'deltatoken',
  'select',
  'filter',
  'orderby',
  'search',
  'expand',
];
const CUSTOMER = ref('schemas', 'StoredBookingCustomer');

const example = (value: Json, summary: string): JsonObject => ({
  examples: { documented: { summary, value } },
});

const OTHER_PARAMETERS =
  'Names of options have no letter case. Unknown options that begin with `$` get 400, and other parameters, such as `page=2`, are ignored.';
const BESIDE_A_TOKEN =
  'Beside `$skiptoken` or `$deltatoken` they go to Graph, because a page link may have them.';

const DETAILS: Readonly<Record<Operation, Details>> = {
  createCustomer: {
    parameters: ['Idempotency-Key', ...WRITE_HEADERS],
    body: jsonBody(
      'BookingCustomer',
      example(DOCUMENTED_CUSTOMER, "The example of Microsoft's page"),
    ),
    success: {
      description: 'Created.',
      schema: CUSTOMER,
      headers: ['Location', 'Idempotent-Replayed', 'Bookings-Warning'],
    },
  },
  listCustomers: {
    parameters: [...LIST_OPTIONS, ...READ_HEADERS],
    description: `${OTHER_PARAMETERS} ${BESIDE_A_TOKEN}`,
    success: { description: 'A page.', schema: ref('schemas', 'BookingCustomerPage') },
  },
  countCustomers: {
    parameters: ['filter', 'search', ...READ_HEADERS],
    description: OTHER_PARAMETERS,
    success: {
      description: 'The number of customers.',
      schema: { type: 'integer' },
      mediaType: 'text/plain',
    },
  },
  getCustomer: {
    parameters: ['select', 'expand', ...READ_HEADERS],
    description: OTHER_PARAMETERS,
    success: { description: 'The customer.', schema: CUSTOMER },
  },
  updateCustomer: {
    parameters: ['If-Match', ...WRITE_HEADERS],
    body: jsonBody('BookingCustomerChanges', example({ displayName: 'Adele' }, 'Another name')),
    success: { description: 'The updated customer.', schema: CUSTOMER },
  },
  deleteCustomer: {
    parameters: ['If-Match', ...WRITE_HEADERS],
    success: { description: 'Deleted.' },
  },
};

const METHODS = { GET: 'get', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;
const GRAPH_ERRORS = { '4XX': ref('responses', 'OfGraph'), '5XX': ref('responses', 'OfGraph') };
const NOT_MODIFIED = { '304': graphResponse('Nothing has changed since `If-None-Match`.') };

/** The documentation of an operation, from its row in the table and its details. */
export function customerOperation(operation: Operation): OperationDoc {
  const { method, path, summary, successStatus } = OPERATIONS[operation];
  const { parameters, body, success, description: about } = DETAILS[operation];
  const { description, schema, mediaType, headers = [] } = success;
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  const successContent = schema === undefined ? undefined : content(schema, mediaType);
  return {
    method: METHODS[method],
    path: `/v1.0${path}`,
    operationId: operation,
    operation,
    needsToken: true,
    tag: 'Customers',
    summary,
    ...(about !== undefined && { description: about }),
    parameters: [...inPath, ...parameters],
    ...(body && { body }),
    responses: {
      [String(successStatus)]: graphResponse(description, successContent, headers),
      ...(!isWrite(operation) && NOT_MODIFIED),
      ...errorResponses([...WITH_GRAPH, ...(body ? WITH_BODY : [])]),
      ...GRAPH_ERRORS,
      ...(parameters.includes('Idempotency-Key') && errorResponses(WITH_KEY)),
    },
  };
}
