/** What a field holds: the type in TypeScript, and the word in docs/logs.md. */
interface FieldTypes {
  date: string;
  text: string;
  number: number;
  boolean: boolean;
  list: readonly string[];
  object: object;
}

interface Field {
  readonly type: keyof FieldTypes;
  readonly meaning: string;
}

/** The fields of every line. A test compares them with docs/logs.md. */
export const COMMON_FIELDS = {
  'log.level': { type: 'text', meaning: '`debug`, `info`, `warn` or `error`' },
  '@timestamp': { type: 'date', meaning: 'ISO 8601 in UTC, with milliseconds' },
  'ecs.version': { type: 'text', meaning: 'the version of the schema, `8.11.0`' },
  'service.name': { type: 'text', meaning: '`bookings-proxy`' },
  'service.version': { type: 'text', meaning: 'the version of the process' },
  'service.ephemeral_id': {
    type: 'text',
    meaning:
      'the process, a new UUID with each start: `service.instance.id` of its traces unless `OTEL_RESOURCE_ATTRIBUTES` has another, and `process` in what `mailboxes.js` shows',
  },
  message: { type: 'text', meaning: 'the event, a fixed text of the table below' },
} as const satisfies Record<string, Field>;

/**
 * The other fields: names of the Elastic Common Schema, and `bookings.*` for what it lacks. A test
 * compares them with docs/logs.md.
 */
export const FIELDS = {
  'http.request.id': {
    type: 'text',
    meaning: "`request-id` of the answer: Graph's once it has answered, otherwise the proxy's",
  },
  'bookings.client_request_id': { type: 'text', meaning: '`client-request-id` of the answer' },
  'trace.id': {
    type: 'text',
    meaning: 'the [trace](tracing.md#context) of the request, if there is one',
  },
  'http.request.method': { type: 'text', meaning: 'the method' },
  'event.action': { type: 'text', meaning: 'the operation, such as `createCustomer`' },
  'http.response.status_code': {
    type: 'number',
    meaning: 'the status; 499 when the client disconnected before the answer was complete',
  },
  'event.duration': {
    type: 'number',
    meaning: 'nanoseconds from the arrival of the headers to the end of the answer',
  },
  'bookings.queued_ms': { type: 'number', meaning: 'how long it waited for its mailbox' },
  'bookings.upstream_ms': {
    type: 'number',
    meaning: 'from the first attempt at Graph to the last response, with pauses',
  },
  'bookings.attempts': { type: 'number', meaning: 'attempts at Graph' },
  'bookings.app_id': { type: 'text', meaning: 'the calling application' },
  'bookings.token_kind': { type: 'text', meaning: '`application` or `delegated`' },
  'error.code': {
    type: 'text',
    meaning:
      'of a request: the code in the answer; otherwise the code of the error, such as ENOSPC',
  },
  'error.type': { type: 'text', meaning: 'the class of the error' },
  'error.message': { type: 'text', meaning: 'the text of the error' },
  'error.stack_trace': {
    type: 'text',
    meaning: 'where the error comes from, with each error that caused it',
  },
  'bookings.cause_code': {
    type: 'text',
    meaning: 'of a request: the code of the error behind the answer, such as ECONNRESET',
  },
  'bookings.token_rule': { type: 'text', meaning: 'which rule the token breaks, with 401' },
  'bookings.aadsts': { type: 'number', meaning: "Entra's number, where it refused a token" },
  'bookings.refusal': {
    type: 'list',
    meaning: 'the codes in `details` of a 403 of the proxy',
  },
  'bookings.idempotency': {
    type: 'text',
    meaning: 'how a create with a key got 201: `created`, `adopted` or `replayed`',
  },
  'bookings.outcome': {
    type: 'text',
    meaning: 'of a write that failed: `not-sent` or `unknown`',
  },
  'bookings.alarm': { type: 'text', meaning: 'the name of an event that needs a person' },
  'service.address': { type: 'text', meaning: 'where the process listens' },
  'bookings.management_address': { type: 'text', meaning: 'where `MANAGEMENT_PORT` listens' },
  'bookings.node_version': { type: 'text', meaning: 'the version of Node' },
  'bookings.store': { type: 'text', meaning: '`sqlite` or `postgres`' },
  'bookings.audit': { type: 'text', meaning: 'where the audit goes: `file` or `log`' },
  'bookings.access': { type: 'text', meaning: '`file`, or that every caller reaches everything' },
  'bookings.setting': { type: 'text', meaning: 'the name that looks misspelt' },
  'bookings.setting_meant': { type: 'text', meaning: 'the setting that may be meant' },
  'bookings.log_level': { type: 'text', meaning: 'the level from now on' },
  'bookings.signal': { type: 'text', meaning: 'the signal that ends the process' },
  'bookings.delay_ms': { type: 'number', meaning: '`SHUTDOWN_DELAY_MS`' },
  'bookings.grace_ms': { type: 'number', meaning: '`SHUTDOWN_GRACE_MS`' },
  'bookings.finished': { type: 'boolean', meaning: 'whether every request was finished' },
  'event.reason': { type: 'text', meaning: 'why, as `/readyz` says; several with `; ` between' },
  'url.full': { type: 'text', meaning: '`AUTH_JWKS_URL`' },
  'bookings.callers': { type: 'number', meaning: 'how many callers the access file has' },
  'bookings.faults': { type: 'list', meaning: 'each fault of the access file' },
  'bookings.permit_mode': {
    type: 'text',
    meaning: '`shared`, `recovering`, `waiting` or `own-share`, as in the metrics',
  },
  'bookings.lost': { type: 'object', meaning: 'the record, with the members of the audit' },
  'bookings.key_digest': { type: 'text', meaning: 'the digest of an `Idempotency-Key`' },
  'bookings.since': { type: 'date', meaning: 'the last change of the store' },
  'bookings.until': { type: 'date', meaning: 'the end of the guard' },
} as const satisfies Record<string, Field>;

type Fields = typeof FIELDS;

/** What an event adds to its line. Undefined fields are omitted. */
export type LogFields = {
  readonly [Name in keyof Fields]?: FieldTypes[Fields[Name]['type']] | undefined;
};
