import { beforeAll, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import {
  BatchRequestContent,
  BatchResponseContent,
  GraphError,
  PageIterator,
} from '@microsoft/microsoft-graph-client';
import { BUSINESS, CREATE_PERMISSION, relativePath, DOCUMENTED_REQUEST } from './documented.ts';
import { graphError } from './faults.ts';
import { graphSdk } from './graph-sdk.ts';
import { jsonObject } from './json.ts';
import { useStack } from './stack.ts';

const PUBLIC_BASE_URL = 'https://bookings.contoso.com';
const CUSTOMERS = relativePath();
const JONI = jsonObject(DOCUMENTED_REQUEST);

const stack = useStack({ PUBLIC_BASE_URL }, { pageSize: 2 });
let token: string;
beforeAll(async () => {
  token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
});

const client = (held = token) => graphSdk(PUBLIC_BASE_URL, stack.url, held);

const isObjects = (value: unknown): value is Record<string, string>[] =>
  Array.isArray(value) && value.every(isObject);

async function created(): Promise<string> {
  const customer: unknown = await client().api(CUSTOMERS).post(JONI);
  expect(customer).toMatchObject({ displayName: 'Joni Sherman' });
  return isObject(customer) ? String(customer['id']) : '';
}

async function errorOf(asking: Promise<unknown>): Promise<GraphError> {
  const error = await asking.catch((thrown: unknown) => thrown);
  if (error instanceof GraphError) return error;
  throw new Error('expected a GraphError', { cause: error });
}

describe("Microsoft's JavaScript SDK with the base URL of the proxy", () => {
  it('creates, gets, updates and deletes customers', async () => {
    const id = await created();
    const one = () => client().api(`${CUSTOMERS}/${id}`);
    expect(await one().get()).toMatchObject({ id, emailAddress: 'jonis@relecloud.com' });
    expect(await one().select('id').get()).toMatchObject({ id });
    expect(await one().patch({ displayName: 'Joni S.' })).toMatchObject({ displayName: 'Joni S.' });
    await one().delete();
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it('lists and counts customers and iterates over pages', async () => {
    const ids = [];
    for (let made = 0; made < 5; made += 1) ids.push(await created());
    const page: unknown = await client().api(CUSTOMERS).top(2).get();
    expect(isObject(page) ? page['@odata.nextLink'] : '').toMatch(PUBLIC_BASE_URL);
    expect(String(await client().api(`${CUSTOMERS}/$count`).get()).replace('\uFEFF', '')).toBe('5');
    const seen: unknown[] = [];
    const first: unknown = await client().api(CUSTOMERS).get();
    if (!isObject(first) || !Array.isArray(first['value'])) throw new TypeError('no page');
    const iterator = new PageIterator(client(), { ...first, value: first['value'] }, (customer) => {
      seen.push(isObject(customer) ? customer['id'] : undefined);
      return true;
    });
    await iterator.iterate();
    expect(seen.sort()).toEqual(ids.sort());
    expect(iterator.isComplete()).toBe(true);
  });

  it('understands errors of Graph, of permissions and of validation', async () => {
    const missing = await errorOf(client().api(`${CUSTOMERS}/unknown`).get());
    expect(missing).toMatchObject({ statusCode: 404, code: 'ErrorItemNotFound' });
    expect(missing.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const weak = client(await stack.fake.issueToken({ roles: ['Bookings.Read.All'] }));
    const accessDenied = await errorOf(weak.api(CUSTOMERS).post(JONI));
    expect(accessDenied).toMatchObject({ statusCode: 403, code: 'Authorization_RequestDenied' });
    expect(accessDenied.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const wrong = await errorOf(client().api(CUSTOMERS).post({ displayName: 'x', id: 'y' }));
    expect(wrong).toMatchObject({ statusCode: 400, code: 'BadRequest' });
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it('makes one customer when it repeats a create whose answer was lost', async () => {
    const body = graphError('ServiceUnavailable');
    const headers = { 'Retry-After': '0' };
    stack.fake.script([{ kind: 'answer-after-stored', status: 503, body, headers }]);
    const id = await created();
    expect(stack.fake.customers(BUSINESS).map((customer) => customer.id)).toEqual([id]);
    expect(stack.graphMethods).toEqual(['POST', 'GET']);
  });

  it('sends batches', async () => {
    const url = `${PUBLIC_BASE_URL}/v1.0${CUSTOMERS}`;
    const request = (method: string, body?: string) =>
      new Request(url, {
        method,
        ...(body !== undefined && { body, headers: { 'Content-Type': 'application/json' } }),
      });
    const batch = new BatchRequestContent([
      { id: '1', request: request('POST', DOCUMENTED_REQUEST) },
      { id: '2', request: request('GET'), dependsOn: ['1'] },
      { id: '3', request: request('POST', '{}'), dependsOn: ['1'] },
    ]);
    const answered: unknown = await client()
      .api('/$batch')
      .post(await batch.getContent());
    if (!isObject(answered) || !isObjects(answered['responses'])) throw new TypeError('no batch');
    const content = new BatchResponseContent({ responses: answered['responses'] });
    const responses = ['1', '2', '3'].map((id) => content.getResponseById(id));
    expect(responses.map(({ status }) => status)).toEqual([201, 200, 400]);
    expect(await responses[1]?.json()).toMatchObject({ value: [{ displayName: 'Joni Sherman' }] });
  });
});
