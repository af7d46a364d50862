import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import { type Answer, BUSINESS, DOCUMENTED_REQUEST, Stack, objectIn } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const PATH = `/solutions/bookingBusinesses/${BUSINESS}/customers`;
const JSON_HEADERS = { 'Content-Type': 'application/json' };
const create = (id: string, more: object = {}) => ({
  id,
  method: 'POST',
  url: PATH,
  headers: JSON_HEADERS,
  body: JSON.parse(DOCUMENTED_REQUEST) as unknown,
  ...more,
});
const get = (id: string, url: string, more: object = {}) => ({ id, method: 'GET', url, ...more });

function send(requests: unknown, options: { token?: string | null } = {}): Promise<Answer> {
  return stack.ask('POST', '/v1.0/$batch', { body: JSON.stringify({ requests }), ...options });
}

/** The answers to the parts, in their order. */
function parts({ status, body }: Answer): Record<string, unknown>[] {
  expect(status).toBe(200);
  const { responses } = body;
  return Array.isArray(responses) ? responses.filter(isObject) : [];
}
const statuses = (answer: Answer) => parts(answer).map(({ status }) => status);

describe('POST $batch', () => {
  it('answers every part as if it had come alone', async () => {
    const answer = await send([
      create('1'),
      get('2', `/v1.0${PATH}?$top=5`, { dependsOn: ['1'] }),
      get('3', `${PATH}/$count`, { dependsOn: ['1'] }),
      {
        id: '4',
        method: 'patch',
        url: `${PATH}/nobody`,
        headers: JSON_HEADERS,
        body: { displayName: 'x' },
      },
      create('5', { body: { displayName: '' } }),
      create('6', { headers: {} }),
      { id: '7', method: 'PUT', url: PATH },
    ]);
    expect(statuses(answer)).toEqual([201, 200, 200, 404, 400, 415, 405]);
    const [created, list, count, missing] = parts(answer);
    const id = stack.fake.customers(BUSINESS)[0]?.id;
    expect(created).toMatchObject({
      id: '1',
      body: { id, displayName: 'Joni Sherman' },
      headers: {
        Location: expect.stringMatching(
          new RegExp(`^${stack.url}/v1.0/.*/${String(id)}$`),
        ) as unknown,
      },
    });
    expect(list).toMatchObject({
      body: { value: [{ id }] },
      headers: { 'Content-Type': expect.stringMatching(/json/) as unknown },
    });
    expect(String(count?.['body']).replace('\uFEFF', '')).toBe('1');
    expect(missing).toMatchObject({ body: { error: { code: 'ErrorItemNotFound' } } });
    const ids = parts(answer).map((part) => objectIn(part, 'headers')['request-id']);
    expect(new Set(ids).size).toBe(7);
  });

  it.each([500, 3000])('holds a whole page of %i customers', async (length) => {
    const value = Array.from({ length }, (_none, id) => ({ id: `${id}`, text: 'é€😀'.repeat(9) }));
    stack.fake.script([{ kind: 'status', status: 200, body: { value } }]);
    const [list] = parts(await send([get('1', PATH)]));
    expect(list).toMatchObject({ status: 200, body: { value } });
  });

  it('asks for the permission of every part', async () => {
    const token = await stack.fake.issueToken({ roles: ['Bookings.Read.All'] });
    const answer = await send([create('1'), get('2', PATH)], { token });
    expect(statuses(answer)).toEqual([403, 200]);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it('lets no part bring an identity of its own', async () => {
    const token = await stack.fake.issueToken({ roles: ['Bookings.Read.All'] });
    const strong = await stack.fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
    const headers = { ...JSON_HEADERS, authorization: `Bearer ${strong}`, Host: 'evil.example' };
    expect(statuses(await send([create('1', { headers })], { token }))).toEqual([403]);
  });

  it('runs parts in their order, and none after one that failed', async () => {
    const answer = await send([
      get('c', PATH, { dependsOn: ['b'] }),
      create('b', { dependsOn: ['a'] }),
      create('a', { body: {} }),
      get('d', PATH),
    ]);
    expect(statuses(answer)).toEqual([424, 424, 400, 200]);
    expect(parts(answer)[1]).toMatchObject({
      id: 'b',
      body: { error: { code: 'FailedDependency' } },
    });
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it.each([
    '/me',
    '/livez',
    '/metrics',
    '/$batch',
    '/v1.0/$batch',
    `https://graph.microsoft.com/v1.0${PATH}`,
    '//evil.example/customers',
    `${PATH}/../../../../livez`,
    `${PATH}/..`,
    `${PATH}/%2e%2e`,
    `${PATH}('')`,
  ])('knows nothing at %s', async (url) => {
    const answer = await send([get('1', url), { ...create('2'), url }]);
    expect(statuses(answer)).toEqual([404, 404]);
    expect(stack.seen).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'requests'],
    ['an empty list', [], 'requests'],
    ['too many', Array.from({ length: 21 }, (_, index) => get(String(index), PATH)), 'requests'],
    ['no object', ['x'], 'requests[0]'],
    ['no id', [{ method: 'GET', url: PATH }], 'requests[0]'],
    ['an id twice', [get('1', PATH), get('1', PATH)], 'requests[1]'],
    ['no method', [{ id: '1', url: PATH }], 'requests[0]'],
    ['a method that is none', [{ id: '1', method: 'GO', url: PATH }], 'requests[0]'],
    ['no url', [{ id: '1', method: 'GET' }], 'requests[0]'],
    ['a backslash', [get('1', `${PATH}\\x`)], 'requests[0]'],
    ['a line break in a header', [get('1', PATH, { headers: { a: 'b\r\nc: d' } })], 'requests[0]'],
    ['a header that is no text', [get('1', PATH, { headers: { a: 1 } })], 'requests[0]'],
    ['an unknown dependency', [get('1', PATH, { dependsOn: ['2'] })], 'requests[0]'],
    ['a part that depends on itself', [get('1', PATH, { dependsOn: ['1'] })], 'requests[0]'],
    [
      'a circle',
      [get('1', PATH, { dependsOn: ['2'] }), get('2', PATH, { dependsOn: ['1'] })],
      'requests[0]',
    ],
  ])('refuses %s whole', async (_title, requests, target) => {
    const { status, error } = await send(requests);
    expect([status, error['code']]).toEqual([400, 'BadRequest']);
    expect(error['details']).toContainEqual(expect.objectContaining({ target }));
    expect(stack.seen).toBe(0);
  });

  it('needs a token, a body and JSON', async () => {
    expect((await send([get('1', PATH)], { token: null })).status).toBe(401);
    const empty = await stack.ask('POST', '/$batch', { headers: JSON_HEADERS });
    expect([empty.status, empty.error['message']]).toEqual([
      400,
      'The body is empty; a JSON object is expected.',
    ]);
    expect(
      (
        await stack.ask('POST', '/$batch', {
          body: '{}',
          headers: { 'content-type': 'text/plain' },
        })
      ).status,
    ).toBe(415);
    expect((await stack.ask('GET', '/$batch')).headers.get('allow')).toBe('POST');
  });

  it('runs twenty parts and leaves nothing behind', async () => {
    const answer = await send(Array.from({ length: 20 }, (_, index) => create(String(index))));
    expect(statuses(answer)).toEqual(Array(20).fill(201));
    const { text } = await stack.get('/metrics');
    expect(text).toContain('bookings_http_requests_in_flight 1\n');
  });
});
