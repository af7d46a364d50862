import { BUSINESS_ID_CHARACTERS, QUERY_OPTIONS } from '@bookings/domain';
import { EXAMPLE_BUSINESS } from './customer-examples.ts';
import type { JsonObject } from './open-api-objects.ts';

const text: JsonObject = { type: 'string' };

const inPath = (name: string, description: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1 },
});

const inHeader = (name: string, description: string, schema: JsonObject = text): JsonObject => ({
  name,
  in: 'header',
  description,
  schema,
});

/** Schemas of OData options; the others are strings. */
const OPTION_SCHEMAS: Readonly<Record<string, JsonObject>> = {
  $count: { type: 'boolean' },
  $top: { type: 'integer', minimum: 1 },
  $skip: { type: 'integer', minimum: 0 },
  // A customer in a response has an id, which generated types say too.
  $select: { ...text, pattern: '(^|,) *(id|[*]) *(,|$)', examples: ['id,displayName'] },
};

/** Restrictions of options that could reach more than customers. */
const RESTRICTIONS: Readonly<Record<string, string>> = {
  $expand: ' Must not contain a slash, a bracket, a dollar or a percent sign.',
  $select:
    ' Select `id` too: Graph may omit what is not selected. Must not contain a bracket or a percent sign.',
  $filter: ' Must not contain `$root`, `$crossjoin` or `$it/` outside of quotes.',
  $orderby: ' Must not contain `$root`, `$crossjoin` or `$it/` outside of quotes.',
};

/**
 * Parameter components by name. OData options are without their dollar sign.
 *
 * @param keyRequired whether a create without an Idempotency-Key is refused
 */
export const parameters = (keyRequired: boolean): JsonObject => ({
  business: {
    ...inPath(
      'business',
      `Id of the booking business: the SMTP address of its mailbox. Allowed are ${BUSINESS_ID_CHARACTERS}.`,
    ),
    example: EXAMPLE_BUSINESS,
  },
  // An example would be the id of a customer that does not exist where the caller tries it.
  customer: inPath(
    'customer',
    'Id of the customer, as Graph returned it in the response to a create or a list: opaque, percent-encoded as one segment.',
  ),
  ...Object.fromEntries(
    QUERY_OPTIONS.map((name) => [
      name.slice(1),
      {
        name,
        in: 'query',
        description: `Forwarded unchanged. Graph decides what it supports.${RESTRICTIONS[name] ?? ''}`,
        schema: OPTION_SCHEMAS[name] ?? text,
      },
    ]),
  ),
  askedBusiness: {
    name: 'business',
    in: 'query',
    description: 'The business whose access is reported; at most once.',
    schema: { type: 'string', minLength: 1 },
  },
  'client-request-id': inHeader('client-request-id', 'Returned in the response, and logged.', {
    type: 'string',
    format: 'uuid',
  }),
  Prefer: inHeader('Prefer', 'Forwarded without `return=minimal`: a response has its entity.'),
  traceparent: inHeader('traceparent', 'W3C Trace Context; forwarded.'),
  'Idempotency-Key': {
    ...inHeader(
      'Idempotency-Key',
      'Makes the create happen once: a repetition with the same key and body returns the same response. 1 to 255 characters from `!` to `~`, bare or in double quotes.',
      { type: 'string', minLength: 1 },
    ),
    required: keyRequired,
  },
  'Retry-Attempt': inHeader(
    'Retry-Attempt',
    "How often the request was sent before, as Microsoft's SDKs say it. Other than `0`, a create without an `Idempotency-Key` is looked up before it is sent; it needs the `client-request-id` of the request before. On a batch it holds for each of its creates.",
    { type: 'integer', minimum: 0 },
  ),
  'If-Match': inHeader('If-Match', 'Forwarded; Graph may answer 412.'),
  'If-None-Match': inHeader(
    'If-None-Match',
    'Forwarded to Graph. The response is 304 if nothing has changed.',
  ),
});
