import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, isObject } from '@bookings/domain';
import fc from 'fast-check';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { SETTLE_MS } from './idempotent-requests.ts';
import { objectIn } from './json.ts';
import { OpenApiValues } from './openapi-values.ts';
import { type ProxyResponse } from './proxy-client.ts';
import { useStack } from './stack.ts';

interface Documented {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Record<string, unknown>;
}

const stack = useStack(
  { IDEMPOTENCY_SETTLE_MS: String(SETTLE_MS) },
  { businesses: [BUSINESS], pageSize: 3 },
);
let values: OpenApiValues;
let tokens: Record<'all' | 'reader' | 'none', string | null>;
let kept: string;
const documented = new Map<string, Documented>();

beforeAll(async () => {
  const { body } = await stack.get('/openapi.json');
  values = new OpenApiValues(body);
  for (const [path, item] of Object.entries(objectIn(body, 'paths'))) {
    for (const [method, operation] of Object.entries(isObject(item) ? item : {})) {
      if (!isObject(operation)) continue;
      const id = String(operation['operationId']);
      documented.set(id, { id, method: method.toUpperCase(), path, operation });
    }
  }
  tokens = {
    all: await stack.fake.issueToken({ roles: [CREATE_PERMISSION] }),
    reader: await stack.fake.issueToken({ scopes: ['Bookings.Read.All'] }),
    none: null,
  };
});
beforeEach(async () => {
  kept = String((await stack.create()).body['id']);
});

const DOCUMENTED_OPERATIONS = [
  ...OPERATION_NAMES,
  'batch',
  'permissions',
  'livez',
  'readyz',
  'metrics',
  'openapi',
  'docs',
];

function known(id: string): Documented {
  const found = documented.get(id);
  if (!found) throw new Error(`${id} is not documented`);
  return found;
}

const SEGMENT = fc.string({ minLength: 1 }).filter((text) => !/^[.]{1,2}$/.test(text));
const business = fc.oneof({ weight: 4, arbitrary: fc.constant(BUSINESS) }, SEGMENT);
const customer = fc.oneof({ weight: 3, arbitrary: fc.constant('kept') }, SEGMENT);
const token = fc.constantFrom('all', 'all', 'all', 'reader', 'none');

/** Removes characters that a header cannot contain. */
const sendable = (headers: Partial<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [
      name,
      value.replaceAll(/[^\x20-\x7e]/g, ''),
    ]),
  );

/** Requests without bodies, as the document describes them. */
function requests({ operation }: Documented) {
  const parameters = [operation['parameters'] ?? []].flat().map((each) => values.resolved(each));
  const placed = (place: string) =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((each) => each['in'] === place)
          .map((each) => [String(each['name']), values.of(objectIn(each, 'schema')).map(String)]),
      ),
      { requiredKeys: [] },
    );
  const headers = placed('header').map(sendable);
  // The fake cannot combine all query options.
  const query = fc.oneof(fc.constant({}), placed('query'));
  return fc.record({ business, customer, token, query, headers });
}

/** The JSON schema of the request body; undefined without a body. */
function bodySchema({ operation }: Documented): Record<string, unknown> | undefined {
  const content = objectIn(objectIn(operation, 'requestBody'), 'content');
  return content['application/json'] === undefined
    ? undefined
    : objectIn(objectIn(content, 'application/json'), 'schema');
}

const bodies = (given: Documented): fc.Arbitrary<unknown> => {
  const schema = bodySchema(given);
  if (!schema) return fc.constant(undefined);
  return fc.oneof({ weight: 3, arbitrary: values.of(schema) }, fc.jsonValue());
};

/** The reason why the document does not cover the response; undefined when it does. */
function undocumented({ operation }: Documented, response: ProxyResponse): string | undefined {
  const status = String(response.status);
  const responses = objectIn(operation, 'responses');
  const ofGraph = response.innerError['origin'] === 'proxy' ? undefined : `${status.slice(0, 1)}XX`;
  const expected = values.resolved(responses[status] ?? responses[ofGraph ?? '']);
  if (expected['description'] === undefined) return `${status} is not documented: ${response.text}`;
  for (const name of Object.keys(objectIn(expected, 'headers'))) {
    if (/request-id$/.test(name) && !response.headers.has(name)) return `${status} missing ${name}`;
  }
  const [[mediaType, described] = []] = Object.entries(objectIn(expected, 'content'));
  const type = response.headers.get('content-type');
  if (mediaType === undefined) return response.text === '' ? undefined : `${status} has a body`;
  if (!type?.startsWith(mediaType)) return `${status} is ${String(type)}, not ${mediaType}`;
  if (!isObject(described)) return `${status} has no schema`;
  const schema = objectIn(described, 'schema');
  // A validator reads any other media type as a string, as a validating proxy does.
  const isJson = mediaType === 'application/json';
  return values.misfit(schema, isJson ? JSON.parse(response.text) : response.text);
}

describe.each(DOCUMENTED_OPERATIONS)('%s', (id) => {
  it('gives only responses that the OpenAPI document describes', async () => {
    const given = known(id);
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(requests(given), bodies(given), async (request, body) => {
        const path = given.path
          .replace('{business}', encodeURIComponent(request.business))
          .replace('{customer}', encodeURIComponent(request.customer.replace(/^kept$/, kept)));
        const query = new URLSearchParams(sendable(request.query)).toString();
        const response = await stack.request(
          given.method,
          query === '' ? path : `${path}?${query}`,
          {
            headers: request.headers,
            token: tokens[request.token],
            ...(body !== undefined && { body: JSON.stringify(body) }),
          },
        );
        seen.add(response.status);
        expect(undocumented(given, response)).toBeUndefined();
      }),
      { numRuns: 80 },
    );
    // The property is meaningless without successful requests.
    expect([...seen].some((status) => status < 300)).toBe(true);
  });
});

describe('request bodies', () => {
  it('that match the document are accepted', async () => {
    const schema = bodySchema(known('createCustomer')) ?? {};
    await fc.assert(
      fc.asyncProperty(values.of(schema), async (body) => {
        expect((await stack.create({ body: JSON.stringify(body) })).status).toBe(201);
      }),
      { numRuns: 200 },
    );
  });

  it('that do not match it are refused, and nothing is sent to Graph', async () => {
    const schema = bodySchema(known('createCustomer')) ?? {};
    stack.fake.forget();
    const extraMember = fc.record({ name: fc.string({ minLength: 1 }), value: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(values.of(schema), extraMember, async (valid, { name, value }) => {
        const body = { ...(isObject(valid) && valid), [name]: value };
        fc.pre(values.misfit(schema, body) !== undefined);
        const { status, error } = await stack.create({ body: JSON.stringify(body) });
        expect([status, error['code']]).toEqual([400, 'BadRequest']);
      }),
      { numRuns: 200 },
    );
    expect(stack.graphRequests).toBe(0);
  });
});
