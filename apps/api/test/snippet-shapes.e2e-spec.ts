import { beforeAll, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { jsonObject, objectIn } from './json.ts';
import { DIALECTS, type Dialect, MISNAMED } from './snippet-dialects.ts';
import { useStack } from './stack.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ENTITY = { '@odata.type': '#microsoft.graph.bookingCustomer' };

const stack = useStack({}, { idShape: 'base64', getNeedsBase64Id: true });
let token: string;
beforeAll(async () => {
  token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
});

interface Request {
  /** Appended to the path of the customers, or a complete link. */
  readonly at?: string;
  readonly accept?: string | undefined;
  readonly body?: string;
}

/** Sends a request in the style of an SDK. `json` is empty when the response is not JSON. */
async function send(dialect: Dialect, method: string, { at = '', accept, body }: Request = {}) {
  const url = at.startsWith('http') ? at : `${stack.url}${dialect.customers}${at}`;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...dialect.headers,
      authorization: `Bearer ${token}`,
      ...(accept !== undefined && { accept }),
      ...(body !== undefined && { 'content-type': dialect.contentType }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, headers: response.headers, type, text, json: jsonObject(text) };
}

type SdkResponse = Awaited<ReturnType<typeof send>>;

// An SDK selects the parser by media type and the class by `@odata.type`.
function expectEntity(response: SdkResponse, status: number, members: object): void {
  expect(response.status).toBe(status);
  expect(response.type).toMatch(/^application\/json;/);
  expect(response.json).toMatchObject({ ...ENTITY, ...members });
}

function expectError(response: SdkResponse, status: number, code: string, dialect: Dialect): void {
  expect([response.status, response.type]).toEqual([status, 'application/json']);
  const error = objectIn(response.json, 'error');
  expect(error).toMatchObject({ code, message: expect.stringMatching(/./) });
  const ids = {
    'request-id': response.headers.get('request-id'),
    'client-request-id': response.headers.get('client-request-id'),
  };
  const sent = dialect.headers['client-request-id'];
  expect(ids).toEqual({
    'request-id': expect.stringMatching(UUID),
    'client-request-id': sent ?? expect.stringMatching(UUID),
  });
  const date: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  expect(error['innerError']).toMatchObject({ ...ids, date });
}

describe.each(DIALECTS)('%s', (_name, dialect) => {
  const { json: accept } = dialect.accept;
  const customer = (id: string) => `/${encodeURIComponent(id)}`;
  const create = () => send(dialect, 'POST', { accept, body: dialect.create });
  const created = async () => String((await create()).json['id']);

  it('creates a customer', async () => {
    const response = await create();
    expectEntity(response, 201, jsonObject(dialect.create));
    expect(response.headers.get('location')).toContain(customer(String(response.json['id'])));
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it('lists customers and follows the next link', async () => {
    const ids = [await created(), await created(), await created()];
    stack.fake.add(BUSINESS, { displayName: 'x' });
    const first = await send(dialect, 'GET', { at: dialect.list, accept });
    expect([first.status, first.json['@odata.count']]).toEqual([200, 3]);
    const link = String(first.json['@odata.nextLink']);
    expect(link.startsWith(`${stack.url}/v1.0/solutions/bookingBusinesses/`)).toBe(true);
    // The page iterators of the SDKs send no Accept header.
    const second = await send(dialect, 'GET', { at: dialect.next?.(link) ?? link });
    expect(second.json).not.toHaveProperty(['@odata.nextLink']);
    const pages = [first, second].map(({ type, json: { value } }) => {
      expect(type).toMatch(/^application\/json;/);
      return Array.isArray(value) ? value.filter(isObject) : [];
    });
    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
    expect(pages.flat()).toMatchObject(ids.map((id) => ({ ...ENTITY, id })));
  });

  it('gets, updates and deletes a customer', async () => {
    const id = await created();
    const at = customer(id);
    expectEntity(await send(dialect, 'GET', { at, accept }), 200, { id });
    const updated = await send(dialect, 'PATCH', { at, accept, body: dialect.update });
    expectEntity(updated, 200, { id, ...jsonObject(dialect.update) });
    const deleted = await send(dialect, 'DELETE', { at, accept: dialect.accept.delete });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it('counts customers', async () => {
    await created();
    const response = await send(dialect, 'GET', { at: '/$count', accept: dialect.accept.count });
    expect([response.status, response.text]).toEqual([200, '1']);
    expect(response.type).toMatch(/^text\/plain\b/);
  });

  it('understands errors of Graph and of the proxy', async () => {
    const missing = await send(dialect, 'GET', { at: '/AAQkAA%3D%3D', accept });
    expectError(missing, 404, 'ErrorItemNotFound', dialect);
    expectError(await send(dialect, 'POST', { accept, body: '{}' }), 400, 'BadRequest', dialect);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });
});

describe('a property that a Microsoft snippet misspells', () => {
  it.each(MISNAMED)('is named in the error: %s', async (_title, body, targets) => {
    const response = await stack.create({ body });
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
    const { details } = response.error;
    const named = Array.isArray(details) ? details.filter(isObject) : [];
    expect(named.map(({ target }) => target).sort()).toEqual([...targets].sort());
    expect(stack.graphRequests).toBe(0);
  });
});
