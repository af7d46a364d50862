import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { DIALECTS, type Dialect, MISNAMED } from './snippet-dialects.ts';
import { BUSINESS, CREATE_PERMISSION, Stack, jsonObject, objectIn } from './stack.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ENTITY = { '@odata.type': '#microsoft.graph.bookingCustomer' };

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await Stack.start({}, { idShape: 'base64', getNeedsBase64Id: true });
  token = await stack.fake.issueToken({ roles: [CREATE_PERMISSION] });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

interface Request {
  /** Behind the path of customers, or a whole link. */
  readonly at?: string;
  readonly accept?: string | undefined;
  readonly body?: string;
}

/** Sends a request as `dialect` writes it; `json` is empty where the answer is no JSON. */
async function ask(dialect: Dialect, method: string, { at = '', accept, body }: Request = {}) {
  const url = at.startsWith('http') ? at : `${stack.url}${dialect.customers}${at}`;
  const answer = await fetch(url, {
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
  const text = await answer.text();
  const type = answer.headers.get('content-type');
  return { status: answer.status, headers: answer.headers, type, text, json: jsonObject(text) };
}

type Answer = Awaited<ReturnType<typeof ask>>;

// By its type an SDK finds what reads a body, by `@odata.type` what the body becomes.
function expectEntity(answer: Answer, status: number, members: object): void {
  expect(answer.status).toBe(status);
  expect(answer.type).toMatch(/^application\/json;/);
  expect(answer.json).toMatchObject({ ...ENTITY, ...members });
}

function expectError(answer: Answer, status: number, code: string, dialect: Dialect): void {
  expect([answer.status, answer.type]).toEqual([status, 'application/json']);
  const error = objectIn(answer.json, 'error');
  expect(error).toMatchObject({ code, message: expect.stringMatching(/./) });
  const ids = {
    'request-id': answer.headers.get('request-id'),
    'client-request-id': answer.headers.get('client-request-id'),
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
  const create = () => ask(dialect, 'POST', { accept, body: dialect.create });
  const created = async () => String((await create()).json['id']);

  it('creates', async () => {
    const answer = await create();
    expectEntity(answer, 201, jsonObject(dialect.create));
    expect(answer.headers.get('location')).toContain(customer(String(answer.json['id'])));
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it('lists, and goes to the next page', async () => {
    const ids = [await created(), await created(), await created()];
    stack.fake.add(BUSINESS, { displayName: 'x', emailAddress: null, addresses: [], phones: [] });
    const first = await ask(dialect, 'GET', { at: dialect.list, accept });
    expect([first.status, first.json['@odata.count']]).toEqual([200, 3]);
    const link = String(first.json['@odata.nextLink']);
    expect(link.startsWith(`${stack.url}/v1.0/solutions/bookingBusinesses/`)).toBe(true);
    // The SDKs' iterators ask for a link without saying what they accept.
    const second = await ask(dialect, 'GET', { at: dialect.next?.(link) ?? link });
    expect(second.json).not.toHaveProperty(['@odata.nextLink']);
    const pages = [first, second].map(({ type, json: { value } }) => {
      expect(type).toMatch(/^application\/json;/);
      return Array.isArray(value) ? value.filter(isObject) : [];
    });
    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
    expect(pages.flat()).toMatchObject(ids.map((id) => ({ ...ENTITY, id })));
  });

  it('gets, updates and deletes', async () => {
    const id = await created();
    const at = customer(id);
    expectEntity(await ask(dialect, 'GET', { at, accept }), 200, { id });
    const updated = await ask(dialect, 'PATCH', { at, accept, body: dialect.update });
    expectEntity(updated, 200, { id, ...jsonObject(dialect.update) });
    const deleted = await ask(dialect, 'DELETE', { at, accept: dialect.accept.delete });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it('counts', async () => {
    await created();
    const answer = await ask(dialect, 'GET', { at: '/$count', accept: dialect.accept.count });
    expect([answer.status, answer.text]).toEqual([200, '1']);
    expect(answer.type).toMatch(/^text\/plain\b/);
  });

  it("understands errors, Graph's and the proxy's", async () => {
    const nobody = await ask(dialect, 'GET', { at: '/AAQkAA%3D%3D', accept });
    expectError(nobody, 404, 'ErrorItemNotFound', dialect);
    expectError(await ask(dialect, 'POST', { accept, body: '{}' }), 400, 'BadRequest', dialect);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });
});

describe("what a page's snippet misnames", () => {
  it.each(MISNAMED)('is named in the refusal: %s', async (_title, body, targets) => {
    const answer = await stack.create({ body });
    expect([answer.status, answer.error['code']]).toEqual([400, 'BadRequest']);
    const { details } = answer.error;
    const named = Array.isArray(details) ? details.filter(isObject) : [];
    expect(named.map(({ target }) => target).sort()).toEqual([...targets].sort());
    expect(stack.seen).toBe(0);
  });
});
