import { ERROR_CODES, type ErrorCode } from '@bookings/domain';
import { GRAPH_ERROR_EXAMPLES, errorExample } from './error-examples.ts';
import { type JsonObject, content, ref, refs } from './open-api-objects.ts';

const header = (description: string): JsonObject => ({ description, schema: { type: 'string' } });

/** Response headers. */
export const HEADERS = {
  'request-id': header("Graph's if Graph answered, otherwise the proxy's."),
  'client-request-id': header("The caller's if it is a UUID, otherwise a new one."),
  Location: header('URL of the created customer, at the proxy.'),
  'Idempotent-Replayed': header('`true` for the response of an earlier create with the same key.'),
  'Bookings-Warning': header(
    '`display-name-not-stored`: Graph stored another displayName than was sent, and the repair failed.',
  ),
  'Server-Timing': header('Milliseconds in the queue of the business and at Graph.'),
  ETag: header("Graph's, if it sent one. For content of the proxy itself, a digest of its bytes."),
  'Preference-Applied': header("Graph's, if it sent one."),
  'Retry-After': header('Seconds to wait before a retry.'),
  'WWW-Authenticate': header('Why the token was refused (RFC 6750), or the claims that it needs.'),
} as const;

export type HeaderName = keyof typeof HEADERS;

/** On every response. */
const IDS: readonly HeaderName[] = ['request-id', 'client-request-id'];
const FROM_GRAPH: readonly HeaderName[] = [...IDS, 'Server-Timing', 'ETag', 'Preference-Applied'];

/** A response of the proxy; without content it has no body. */
export const proxyResponse = (
  description: string,
  body: JsonObject | undefined,
  headers: readonly HeaderName[] = IDS,
): JsonObject => ({
  description,
  headers: refs('headers', headers),
  ...(body && { content: body }),
});

/** A response of Graph; without content it has no body. */
export const graphResponse = (
  description: string,
  body?: JsonObject,
  more: readonly HeaderName[] = [],
): JsonObject => ({
  description,
  headers: refs('headers', [...FROM_GRAPH, ...more]),
  ...(body && { content: body }),
});

/** Headers of particular errors. */
const WITH_HEADERS: Partial<Record<ErrorCode, readonly HeaderName[]>> = {
  InvalidAuthenticationToken: ['WWW-Authenticate'],
  Authorization_RequestDenied: ['WWW-Authenticate'],
  IdempotencyKeyInUse: ['Retry-After'],
  TooManyRequests: ['Retry-After'],
  ServiceUnavailable: ['Retry-After'],
};

const errorContent = (example: JsonObject): JsonObject =>
  content(ref('schemas', 'GraphError'), 'application/json', example);

/** Errors of unknown paths and methods, and of requests in a batch. No operation documents them. */
const UNDOCUMENTED: readonly string[] = [
  'ResourceNotFound',
  'Request_BadRequest',
  'FailedDependency',
];

/** One response for each error code of the proxy, and two for Graph's errors. */
export function errorComponents(): JsonObject {
  const codes = ERROR_CODE_NAMES.filter((code) => !UNDOCUMENTED.includes(code));
  const own = codes.map((code): [string, JsonObject] => [
    code,
    {
      description: `\`${code}\`: ${ERROR_CODES[code].when}.`,
      headers: refs('headers', [...IDS, ...(WITH_HEADERS[code] ?? [])]),
      content: errorContent(errorExample(code)),
    },
  ]);
  return {
    ...Object.fromEntries(own),
    RefusedByGraph: ofGraph("Graph's own refusal, with its status, code and message.", '4XX'),
    FailedAtGraph: ofGraph("Graph's own failure, with its status, code and message.", '5XX'),
  };
}

/** The errors that Graph itself answers, by status. */
export const GRAPH_ERRORS: JsonObject = {
  '4XX': ref('responses', 'RefusedByGraph'),
  '5XX': ref('responses', 'FailedAtGraph'),
};

const ofGraph = (description: string, status: keyof typeof GRAPH_ERROR_EXAMPLES): JsonObject => ({
  description,
  headers: refs('headers', [...IDS, 'Retry-After', 'WWW-Authenticate']),
  content: errorContent(GRAPH_ERROR_EXAMPLES[status]),
});

const ERROR_CODE_NAMES: readonly ErrorCode[] = Object.keys(ERROR_CODES).filter(isErrorCode);

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

/** The error responses with `codes`, by status. */
export function errorResponses(codes: readonly ErrorCode[]): JsonObject {
  return Object.fromEntries(
    codes.map((code) => [String(ERROR_CODES[code].status), ref('responses', code)]),
  );
}
