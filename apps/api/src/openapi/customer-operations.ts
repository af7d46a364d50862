import { DOCUMENTED_CUSTOMER, OPERATIONS, type Operation, isWrite } from '@bookings/domain';
import { CHANGED_CUSTOMER, CREATED_CUSTOMER, CUSTOMER_PAGE } from './customer-examples.ts';
import { WITH_BODY, WITH_GRAPH, WITH_KEY } from './error-codes.ts';
import { type Json, type JsonObject, content, example, jsonBody, ref } from './open-api-objects.ts';
import type { OperationDoc } from './operation-doc.ts';
import { GRAPH_ERRORS, type HeaderName, errorResponses, graphResponse } from './responses.ts';

/** What the documentation of an operation adds to its row in the table of operations. */
interface Details {
  /** What the summary has no room for. */
  readonly description: string;
  /** Names of parameter components other than the path's. */
  readonly parameters: readonly string[];
  readonly body?: JsonObject;
  readonly success: {
    readonly description: string;
    /** Undefined when the response has no body. */
    readonly content?: JsonObject;
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
const customer = (value: Json, summary: string): JsonObject =>
  content(ref('schemas', 'StoredBookingCustomer'), 'application/json', example(value, summary));

/**
 * A validator reads a text as a string, never as a number. Graph may put a byte order mark in front,
 * so the pattern is open there.
 */
const COUNT: JsonObject = {
  type: 'string',
  description: 'The number in decimal digits.',
  pattern: '[0-9]+$',
};

const OTHER_PARAMETERS =
  'Names of options have no letter case. Unknown options that begin with `$` get 400, and other parameters, such as `page=2`, are ignored.';
const BESIDE_A_TOKEN =
  'Beside `$skiptoken` or `$deltatoken` they go to Graph, because a page link may have them.';

const DETAILS: Readonly<Record<Operation, Details>> = {
  createCustomer: {
    description:
      'Send an `Idempotency-Key`, so that a repetition of the request makes no second customer. Without one, a repetition must have `Retry-Attempt`.',
    parameters: ['Idempotency-Key', 'Retry-Attempt', ...WRITE_HEADERS],
    body: jsonBody(
      'BookingCustomer',
      example(DOCUMENTED_CUSTOMER, "The example of Microsoft's page"),
    ),
    success: {
      description: 'Created.',
      content: customer(CREATED_CUSTOMER, 'The created customer'),
      headers: ['Location', 'Idempotent-Replayed', 'Bookings-Warning'],
    },
  },
  listCustomers: {
    description: `Follow \`@odata.nextLink\` until a page has none. ${OTHER_PARAMETERS} ${BESIDE_A_TOKEN}`,
    parameters: [...LIST_OPTIONS, ...READ_HEADERS],
    success: {
      description: 'A page.',
      content: content(
        ref('schemas', 'BookingCustomerPage'),
        'application/json',
        example(CUSTOMER_PAGE, 'A page with one customer'),
      ),
    },
  },
  countCustomers: {
    description: `The response is the number as text. ${OTHER_PARAMETERS}`,
    parameters: ['filter', 'search', ...READ_HEADERS],
    success: {
      description: 'The number of customers.',
      content: content(COUNT, 'text/plain', example('42', '42 customers')),
    },
  },
  getCustomer: {
    description: `The id is in the response to a create, and in a list. ${OTHER_PARAMETERS}`,
    parameters: ['select', 'expand', ...READ_HEADERS],
    success: {
      description: 'The customer.',
      content: customer(CREATED_CUSTOMER, 'The customer'),
    },
  },
  updateCustomer: {
    description: 'Null removes the value of a property that may be null.',
    parameters: ['If-Match', ...WRITE_HEADERS],
    body: jsonBody('BookingCustomerChanges', example({ displayName: 'Adele' }, 'Another name')),
    success: {
      description: 'The updated customer.',
      content: customer(CHANGED_CUSTOMER, 'The customer with another name'),
    },
  },
  deleteCustomer: {
    description: 'A deleted customer cannot be restored here.',
    parameters: ['If-Match', ...WRITE_HEADERS],
    success: { description: 'Deleted.' },
  },
};

const METHODS = { GET: 'get', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;
const NOT_MODIFIED = { '304': graphResponse('Nothing has changed since `If-None-Match`.') };

/** The documentation of an operation, from its row in the table and its details. */
export function customerOperation(operation: Operation): OperationDoc {
  const { method, path, summary, successStatus } = OPERATIONS[operation];
  const { description, parameters, body, success } = DETAILS[operation];
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  return {
    method: METHODS[method],
    path: `/v1.0${path}`,
    operationId: operation,
    needsToken: true,
    tag: 'Customers',
    summary,
    description: `${description}\n\n${permissionsText(operation)}`,
    parameters: [...inPath, ...parameters],
    ...(body && { body }),
    responses: {
      [String(successStatus)]: graphResponse(success.description, success.content, success.headers),
      ...(!isWrite(operation) && NOT_MODIFIED),
      ...errorResponses([...WITH_GRAPH, ...(body ? WITH_BODY : [])]),
      ...GRAPH_ERRORS,
      ...(parameters.includes('Idempotency-Key') && errorResponses(WITH_KEY)),
    },
  };
}

function permissionsText(operation: Operation): string {
  return Object.entries(OPERATIONS[operation].permissions)
    .map(([kind, anyOf]) => `One of these ${kind} permissions: ${anyOf.join(', ')}.`)
    .join(' ');
}
