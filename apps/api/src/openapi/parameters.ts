import { BUSINESS_ID_CHARACTERS, QUERY_OPTIONS } from '@bookings/domain';
import type { JsonObject } from './json.ts';

const text: JsonObject = { type: 'string' };

const inPath = (name: string, description: string, example: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1 },
  example,
});

const inHeader = (name: string, description: string, schema: JsonObject = text): JsonObject => ({
  name,
  in: 'header',
  description,
  schema,
});

/** What OData's options hold; those that are not here are text. */
const OPTION_SCHEMAS: Readonly<Record<string, JsonObject>> = {
  $count: { type: 'boolean' },
  $top: { type: 'integer', minimum: 1 },
  $skip: { type: 'integer', minimum: 0 },
};

/** What is refused of options that could reach more than customers. */
const REACH: Readonly<Record<string, string>> = {
  $expand: ' Holds no slash, bracket, dollar or percent sign.',
  $select: ' Holds no bracket or percent sign.',
  $filter: ' Holds no `$root`, `$crossjoin` and `$it/` outside of quotes.',
  $orderby: ' Holds no `$root`, `$crossjoin` and `$it/` outside of quotes.',
};

/**
 * Parameters by the names under which operations refer to them; OData's without their dollar.
 *
 * @param keyRequired whether a create without an Idempotency-Key is refused
 */
export const parameters = (keyRequired: boolean): JsonObject => ({
  business: inPath(
    'business',
    `Id of the booking business: the SMTP address of its mailbox. Made of ${BUSINESS_ID_CHARACTERS}.`,
    'Contosolunchdelivery@contoso.onmicrosoft.com',
  ),
  customer: inPath(
    'customer',
    'Id of the customer, as Graph gave it: opaque, percent-encoded as one segment.',
    '36038f36-634e-44e4-9415-d7d59c2347aa',
  ),
  ...Object.fromEntries(
    QUERY_OPTIONS.map((name) => [
      name.slice(1),
      {
        name,
        in: 'query',
        description: `Goes up unchanged. Graph decides what it supports.${REACH[name] ?? ''}`,
        schema: OPTION_SCHEMAS[name] ?? text,
      },
    ]),
  ),
  askedBusiness: {
    name: 'business',
    in: 'query',
    description: 'Asks what the business access file says of this business; once.',
    schema: { type: 'string', minLength: 1 },
  },
  'client-request-id': inHeader('client-request-id', 'Comes back, and is in the log.', {
    type: 'string',
    format: 'uuid',
  }),
  Prefer: inHeader('Prefer', 'Goes up without `return=minimal`: an answer has its entity.'),
  traceparent: inHeader('traceparent', 'W3C Trace Context; goes up.'),
  'Idempotency-Key': {
    ...inHeader(
      'Idempotency-Key',
      'Makes the create happen once: sent again with the same key and body it gives the same answer. 1 to 255 characters from `!` to `~`, bare or in double quotes.',
      { type: 'string', minLength: 1 },
    ),
    required: keyRequired,
  },
  'If-Match': inHeader('If-Match', 'Goes up; 412 comes back.'),
  'If-None-Match': inHeader(
    'If-None-Match',
    'Goes up where Graph answers. 304 comes back where nothing has changed.',
  ),
});
