import { DOCUMENTED_CUSTOMER, type ErrorCode, type Operation } from '@bookings/domain';
import { type Json, type JsonObject, content, ref } from './json.ts';
import { errorResponses, fromGraph, own } from './responses.ts';

/** What the document says of a route. */
export interface Described {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it. */
  readonly path: string;
  /** `operationId`: the operation's name where callers need a permission. */
  readonly id: string;
  readonly operation?: Operation;
  /** Whether a token is needed. */
  readonly token: boolean;
  readonly tag: 'Customers' | 'Batch' | 'Permissions' | 'Operating';
  readonly summary: string;
  /** Names of components. */
  readonly parameters?: readonly string[];
  readonly body?: JsonObject;
  readonly responses: JsonObject;
}

const COLLECTION = '/v1.0/solutions/bookingBusinesses/{business}/customers';
const ONE = `${COLLECTION}/{customer}`;

const ANY_REQUEST: readonly ErrorCode[] = [
  'BadRequest',
  'RequestTimeout',
  'RequestHeaderFieldsTooLarge',
  'InternalServerError',
];
const WITH_TOKEN: readonly ErrorCode[] = [
  ...ANY_REQUEST,
  'InvalidAuthenticationToken',
  'ServiceUnavailable',
];
const TO_GRAPH: readonly ErrorCode[] = [
  ...WITH_TOKEN,
  'Authorization_RequestDenied',
  'TooManyRequests',
  'BadGateway',
  'GatewayTimeout',
];
const WITH_BODY: readonly ErrorCode[] = ['RequestEntityTooLarge', 'UnsupportedMediaType'];
const OF_GRAPH = { '4XX': ref('responses', 'OfGraph'), '5XX': ref('responses', 'OfGraph') };
const READING = { ...errorResponses(TO_GRAPH), ...OF_GRAPH };
const WRITING = { ...errorResponses([...TO_GRAPH, ...WITH_BODY]), ...OF_GRAPH };

const CUSTOMER = content(ref('schemas', 'StoredBookingCustomer'));
const PAGE = content(ref('schemas', 'BookingCustomerPage'));
const NUMBER = content({ type: 'integer' }, 'text/plain');
const NOT_MODIFIED = { '304': fromGraph('Nothing has changed since `If-None-Match`.', undefined) };
const WITH_KEY: readonly ErrorCode[] = ['IdempotencyKeyInUse', 'IdempotencyKeyReused'];
const CREATED = fromGraph(
  'Created.',
  CUSTOMER,
  'Location',
  'Idempotent-Replayed',
  'Bookings-Warning',
);
const HEADERS_UP = ['client-request-id', 'Prefer', 'traceparent'];
const READING_HEADERS = [...HEADERS_UP, 'If-None-Match'];
const QUERY = ['count', 'top', 'skip', 'skiptoken', 'deltatoken', 'select', 'filter'].concat(
  'orderby',
  'search',
  'expand',
);

const example = (value: Json, summary: string) => ({
  examples: { documented: { summary, value } },
});
const json = (name: string, more: JsonObject): JsonObject => ({
  required: true,
  content: content(ref('schemas', name), 'application/json', more),
});

const customers = { token: true, tag: 'Customers' } as const;

/** Every route, in the order of the page. */
export const DESCRIBED: readonly Described[] = [
  {
    ...customers,
    method: 'post',
    path: COLLECTION,
    id: 'createCustomer',
    operation: 'createCustomer',
    summary: 'Create a booking customer',
    parameters: ['business', 'Idempotency-Key', ...HEADERS_UP],
    body: json('BookingCustomer', example(DOCUMENTED_CUSTOMER, "The example of Microsoft's page")),
    responses: { '201': CREATED, ...WRITING, ...errorResponses(WITH_KEY) },
  },
  {
    ...customers,
    method: 'get',
    path: COLLECTION,
    id: 'listCustomers',
    operation: 'listCustomers',
    summary: 'List the booking customers of a business, page by page',
    parameters: ['business', ...QUERY, ...READING_HEADERS],
    responses: { '200': fromGraph('A page.', PAGE), ...NOT_MODIFIED, ...READING },
  },
  {
    ...customers,
    method: 'get',
    path: `${COLLECTION}/$count`,
    id: 'countCustomers',
    operation: 'countCustomers',
    summary: 'Count the booking customers of a business',
    parameters: ['business', 'filter', 'search', ...READING_HEADERS],
    responses: { '200': fromGraph('How many there are.', NUMBER), ...NOT_MODIFIED, ...READING },
  },
  {
    ...customers,
    method: 'get',
    path: ONE,
    id: 'getCustomer',
    operation: 'getCustomer',
    summary: 'Get a booking customer',
    parameters: ['business', 'customer', 'select', 'expand', ...READING_HEADERS],
    responses: { '200': fromGraph('The customer.', CUSTOMER), ...NOT_MODIFIED, ...READING },
  },
  {
    ...customers,
    method: 'patch',
    path: ONE,
    id: 'updateCustomer',
    operation: 'updateCustomer',
    summary: 'Change properties of a booking customer; what is absent stays as it is',
    parameters: ['business', 'customer', 'If-Match', ...HEADERS_UP],
    body: json('BookingCustomerChanges', example({ displayName: 'Adele' }, 'Another name')),
    responses: { '200': fromGraph('The customer as it is now.', CUSTOMER), ...WRITING },
  },
  {
    ...customers,
    method: 'delete',
    path: ONE,
    id: 'deleteCustomer',
    operation: 'deleteCustomer',
    summary: 'Delete a booking customer',
    parameters: ['business', 'customer', 'If-Match', ...HEADERS_UP],
    responses: { '204': fromGraph('Gone.', undefined), ...READING },
  },
  {
    method: 'post',
    path: '/v1.0/$batch',
    id: 'batch',
    token: true,
    tag: 'Batch',
    summary: 'Send up to 20 requests about customers at once, each as if it had come alone',
    parameters: ['client-request-id'],
    body: json('BatchRequests', {}),
    responses: {
      '200': own('An answer per request.', content(ref('schemas', 'BatchResponses'))),
      ...errorResponses([...WITH_TOKEN, ...WITH_BODY, 'Authorization_RequestDenied']),
    },
  },
  {
    method: 'get',
    path: '/permissions',
    id: 'permissions',
    token: true,
    tag: 'Permissions',
    summary: 'What the caller holds and may do, and what is missing for the rest',
    parameters: ['askedBusiness', 'client-request-id'],
    responses: {
      '200': own('The verdict on every operation.', content(ref('schemas', 'Permissions'))),
      ...errorResponses([...WITH_TOKEN, 'Authorization_RequestDenied']),
    },
  },
  operating('livez', 'Whether the process runs', 'application/json'),
  operating('readyz', 'Whether it can serve; `degraded` says what of it not', 'application/json', [
    'ServiceUnavailable',
  ]),
  operating('metrics', 'Metrics in the text format of Prometheus', 'text/plain'),
  cached(operating('openapi.json', 'This document', 'application/json')),
  cached(operating('docs', 'This document as a page to try it out', 'text/html')),
];

function operating(
  path: string,
  summary: string,
  mediaType: string,
  errors: readonly ErrorCode[] = [],
): Described {
  const schema: Json = { type: mediaType === 'application/json' ? 'object' : 'string' };
  const responses = {
    '200': own('The answer.', content(schema, mediaType), []),
    ...errorResponses([...ANY_REQUEST, ...errors]),
  };
  const id = path.replace('.json', '');
  const described = { method: 'get', token: false, tag: 'Operating' } as const;
  return { ...described, path: `/${path}`, id, summary, responses };
}

/** Of what stays the same while the process runs. */
function cached(described: Described): Described {
  const unchanged = own('The caller has it already.', undefined, ['ETag']);
  const responses = { ...described.responses, '304': unchanged };
  return { ...described, parameters: ['If-None-Match'], responses };
}
