import fc from 'fast-check';
import { CUSTOMER, MARK } from './canaries.ts';

/** Bytes that are sent as a request. */
export interface Sent {
  readonly method: string;
  /** In Latin-1 encoding. */
  readonly bytes: string;
  /** Whether the request is complete, so that it must get a response. */
  readonly whole: boolean;
}

/** Placeholder in paths for the id of the stored customer. */
export const KEPT = '00000000-0000-4000-8000-000000000000';

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE'];
const method = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...METHODS, 'PROPFIND', 'CONNECT') },
  { weight: 1, arbitrary: fc.constantFrom('get', 'FOO', 'G\0T', '') },
);

/** A path segment: valid, encoded, or doubly encoded. */
const segment = fc.oneof(
  fc.constantFrom('b@contoso.com', `${MARK}@contoso.com`, '$count', "('x')", '', '.', '..', '*'),
  fc.constantFrom('%2e%2e', '%252e%252e', '%2f', '%5c', '%00', '%c0%ae', '%zz', '%', ';', '\\'),
  fc.string().map(encodeURIComponent),
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.stringMatching(/^[!-~]{0,20}$/),
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom('?$top=2', '?$filter=x', '?$skiptoken=a', '?$top', '?&&&', '?%24top=1&$top=2'),
  fc.stringMatching(/^\?[!-~]{0,40}$/),
);
const BUSINESSES = '/v1.0/solutions/bookingBusinesses';
const business = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('b@contoso.com', `${MARK}@contoso.com`) },
  { weight: 1, arbitrary: segment },
);
const id = fc.oneof({ weight: 3, arbitrary: fc.constant(KEPT) }, { weight: 1, arbitrary: segment });
const customers = business.map((each) => `${BUSINESSES}/${each}/customers`);
const customer = fc.tuple(customers, id).map(([path, each]) => `${path}/${each}`);
const path = fc.oneof(
  { weight: 2, arbitrary: customers },
  { weight: 2, arbitrary: customer },
  { weight: 2, arbitrary: fc.array(segment).map((segments) => `/${segments.join('/')}`) },
  { weight: 1, arbitrary: fc.constantFrom('*', '', 'http://x/livez', 'x:443', '//', '?', '#') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/livez', '/readyz', '/metrics', '/openapi.json', '/docs'),
  },
);
/** Method and path, mostly of an operation. */
const line = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('GET', 'POST'), customers) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('GET', 'PATCH', 'DELETE'), customer) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('POST'), fc.constant('/v1.0/$batch')) },
  { weight: 3, arbitrary: fc.tuple(method, path) },
);

const NAMES = ['client-request-id', 'prefer', 'if-match', 'if-none-match', 'traceparent', 'accept'];
const MORE_NAMES = [
  'expect',
  'upgrade',
  'te',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
];
const header = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...NAMES, ...MORE_NAMES, 'idempotency-key', 'content-encoding', 'host'),
      fc.stringMatching(/^x-[a-z]{1,10}$/),
    ),
    fc.oneof(
      fc.constantFrom('100-continue', 'gzip', 'h2c', '*', 'W/"x"', 'return=minimal', MARK),
      fc.stringMatching(/^[ -~\x80-\xff]{0,60}$/),
    ),
  )
  .map(([name, value]) => `${name}: ${value}`);

const part = fc.record(
  {
    id: fc.oneof(fc.constantFrom('1', '2', '3'), fc.string()),
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'), fc.string()),
    url: fc.oneof(customers, customer, path, fc.string()),
    headers: fc.constantFrom({ 'content-type': 'application/json' }, {}, { host: 'x' }, { x: 1 }),
    body: fc.oneof(fc.constant(CUSTOMER), fc.jsonValue({ maxDepth: 3 })),
    dependsOn: fc.array(fc.constantFrom('1', '2', '3')),
  },
  { requiredKeys: ['id', 'method', 'url'] },
);
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant(JSON.stringify(CUSTOMER)) },
  { weight: 3, arbitrary: fc.record({ requests: fc.array(part, { maxLength: 22 }) }).map(written) },
  { weight: 3, arbitrary: customerLike().map(written) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()) },
  { weight: 1, arbitrary: fc.constantFrom('', '['.repeat(9000), 'x'.repeat(70_000), '\ufeff{}') },
);

function customerLike(): fc.Arbitrary<object> {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(`${MARK}-value`));
  return fc.record(
    {
      displayName: value,
      emailAddress: value,
      addresses: fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom('street', 'type'), value))),
      phones: fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom('number', 'type'), value))),
      [`@odata.type`]: value,
      id: value,
    },
    { requiredKeys: [] },
  );
}

function written(value: unknown): string {
  return JSON.stringify(value);
}

/**
 * Complete requests with random contents.
 *
 * @param good valid tokens
 * @param bad invalid tokens
 */
export function requests(good: readonly string[], bad: readonly string[]): fc.Arbitrary<Sent> {
  const spoilt = fc
    .tuple(fc.constantFrom(...good), fc.nat(), fc.stringMatching(/^[\w.~-]$/))
    .map(
      ([token, at, other]) =>
        token.slice(0, at % token.length) + other + token.slice(1 + (at % token.length)),
    );
  const authorization = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...good).map((token) => [`Bearer ${token}`]) },
    { weight: 1, arbitrary: fc.constantFrom(...bad).map((token) => [`Bearer ${token}`]) },
    { weight: 1, arbitrary: spoilt.map((token) => [`Bearer ${token}`]) },
    { weight: 1, arbitrary: fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { maxLength: 2 }) },
  );
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.stringMatching(/^[ -~]{0,30}$/) },
  );
  return fc
    .record({
      line,
      query: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, query),
      authorization,
      type,
      headers: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        fc.array(header, { maxLength: 4 }),
      ),
      body,
      chunked: fc.boolean(),
    })
    .map((given) => {
      const [verb, target] = given.line;
      const lines = [
        `${verb} ${target}${given.query} HTTP/1.1`,
        'Host: x',
        ...given.authorization.map((each) => `Authorization: ${each}`),
        `Content-Type: ${given.type}`,
        ...given.headers,
        'Connection: close',
      ];
      const text = Buffer.from(given.body).toString('latin1');
      const chunks = text === '' ? '' : `${text.length.toString(16)}\r\n${text}\r\n`;
      const [framing, framed] = given.chunked
        ? ['Transfer-Encoding: chunked', `${chunks}0\r\n\r\n`]
        : [`Content-Length: ${text.length}`, text];
      return {
        method: verb,
        bytes: [...lines, framing, '', framed].join('\r\n'),
        whole: true,
      };
    });
}
