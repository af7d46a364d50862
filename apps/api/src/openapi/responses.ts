import { ERROR_CODES, type ErrorCode } from '@bookings/domain';
import { type JsonObject, content, ref, refs } from './json.ts';

const header = (description: string): JsonObject => ({ description, schema: { type: 'string' } });

/** Header fields of answers. */
export const HEADERS = {
  'request-id': header("Graph's when Graph answered, else the proxy's."),
  'client-request-id': header("The caller's when it is a UUID, else a new one."),
  Location: header('Address of the created customer, at the proxy.'),
  'Idempotent-Replayed': header('`true` on the answer of an earlier create with the same key.'),
  'Bookings-Warning': header(
    '`display-name-not-stored`: Graph has another displayName than was sent, and it could not be set right.',
  ),
  'Server-Timing': header('Milliseconds in the queue of the business, and at Graph.'),
  ETag: header("Graph's, if it sent one; of what the proxy serves itself, a digest of its bytes."),
  'Preference-Applied': header("Graph's, if it sent one."),
  'Retry-After': header('Seconds until it is worth asking again.'),
  'WWW-Authenticate': header('Why the token did not do (RFC 6750), or what it must claim.'),
} as const;

export type HeaderName = keyof typeof HEADERS;

/** On every answer. */
const IDS: readonly HeaderName[] = ['request-id', 'client-request-id'];
const FROM_GRAPH: readonly HeaderName[] = [...IDS, 'Server-Timing', 'ETag', 'Preference-Applied'];

/** An answer of the proxy's own; without a schema it has no body. */
export const own = (
  description: string,
  body: JsonObject | undefined,
  headers: readonly HeaderName[] = IDS,
): JsonObject => ({
  description,
  headers: refs('headers', headers),
  ...(body && { content: body }),
});

/** An answer that came from Graph; without a schema it has no body. */
export const fromGraph = (
  description: string,
  body: JsonObject | undefined,
  ...more: readonly HeaderName[]
): JsonObject => ({
  description,
  headers: refs('headers', [...FROM_GRAPH, ...more]),
  ...(body && { content: body }),
});

/** Errors that go with a header of their own. */
const WITH_HEADERS: Partial<Record<ErrorCode, readonly HeaderName[]>> = {
  InvalidAuthenticationToken: ['WWW-Authenticate'],
  Authorization_RequestDenied: ['WWW-Authenticate'],
  IdempotencyKeyInUse: ['Retry-After'],
  TooManyRequests: ['Retry-After'],
  ServiceUnavailable: ['Retry-After'],
};

const errorBody = content(ref('schemas', 'Error'));

/** What only paths or methods that are not documented get, and parts of a batch. */
const OF_NO_OPERATION: readonly string[] = [
  'ResourceNotFound',
  'Request_BadRequest',
  'FailedDependency',
];

/** One answer per code of the proxy's, and what Graph's own errors are. */
export function errorComponents(): JsonObject {
  const codes = Object.entries(ERROR_CODES).filter(([code]) => !OF_NO_OPERATION.includes(code));
  const coined = codes.map(([code, { when }]): [string, JsonObject] => [
    code,
    {
      description: `\`${code}\`: ${when}.`,
      headers: refs('headers', [...IDS, ...(headersOf(code) ?? [])]),
      content: errorBody,
    },
  ]);
  return {
    ...Object.fromEntries(coined),
    OfGraph: {
      description: "Graph's own error, with its status, code and message.",
      headers: refs('headers', [...IDS, 'Retry-After', 'WWW-Authenticate']),
      content: errorBody,
    },
  };
}

function headersOf(code: string): readonly HeaderName[] | undefined {
  return Object.entries(WITH_HEADERS).find(([known]) => known === code)?.[1];
}

/** The answers of an operation that refuses with `codes`, by status. */
export function errorResponses(codes: readonly ErrorCode[]): JsonObject {
  return Object.fromEntries(
    codes.map((code) => [String(ERROR_CODES[code].status), ref('responses', code)]),
  );
}
