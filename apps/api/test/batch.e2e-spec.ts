import { isObject } from '@bookings/domain';
import { describe, expect, it } from '@jest/globals';
import { createPart, getPart, partsOf, sendBatch, statusesOf } from './batch-requests.ts';
import { BUSINESS, relativePath } from './documented.ts';
import { objectIn } from './json.ts';
import { type RequestOptions } from './proxy-client.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const PATH = relativePath();
const JSON_HEADERS = { 'Content-Type': 'application/json' };

const send = (requests: unknown, options?: RequestOptions) => sendBatch(stack, requests, options);

describe('POST $batch', () => {
  it('answers every part as if it had been sent alone', async () => {
    const response = await send([
      createPart('1'),
      getPart('2', `/v1.0${PATH}?$top=5`, { dependsOn: ['1'] }),
      getPart('3', `${PATH}/$count`, { dependsOn: ['1'] }),
      {
        id: '4',
        method: 'patch',
        url: `${PATH}/unknown`,
        headers: JSON_HEADERS,
        body: { displayName: 'x' },
      },
      createPart('5', { body: { displayName: '' } }),
      createPart('6', { headers: {} }),
      { id: '7', method: 'PUT', url: PATH },
    ]);
    expect(statusesOf(response)).toEqual([201, 200, 200, 404, 400, 415, 405]);
    const [created, list, count, missing] = partsOf(response);
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
    const ids = partsOf(response).map((part) => objectIn(part, 'headers')['request-id']);
    expect(new Set(ids).size).toBe(7);
  });

  it.each([500, 3000])('returns a complete page of %i customers', async (length) => {
    const value = Array.from({ length }, (_none, id) => ({ id: `${id}`, text: 'é€😀'.repeat(9) }));
    stack.fake.script([{ kind: 'status', status: 200, body: { value } }]);
    const [list] = partsOf(await send([getPart('1', PATH)]));
    expect(list).toMatchObject({ status: 200, body: { value } });
  });

  it('checks the permission of every part', async () => {
    const token = await stack.fake.issueToken({ roles: ['Bookings.Read.All'] });
    const response = await send([createPart('1'), getPart('2', PATH)], { token });
    expect(statusesOf(response)).toEqual([403, 200]);
    expect(stack.fake.customers(BUSINESS)).toEqual([]);
  });

  it('ignores the Authorization header of a part', async () => {
    const token = await stack.fake.issueToken({ roles: ['Bookings.Read.All'] });
    const strong = await stack.fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
    const headers = { ...JSON_HEADERS, authorization: `Bearer ${strong}`, Host: 'evil.example' };
    expect(statusesOf(await send([createPart('1', { headers })], { token }))).toEqual([403]);
  });

  it('runs parts in order of their dependencies, and none that depends on a failed one', async () => {
    const response = await send([
      getPart('c', PATH, { dependsOn: ['b'] }),
      createPart('b', { dependsOn: ['a'] }),
      createPart('a', { body: {} }),
      getPart('d', PATH),
    ]);
    expect(statusesOf(response)).toEqual([424, 424, 400, 200]);
    expect(partsOf(response)[1]).toMatchObject({
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
  ])('answers 404 for a part with the url %s', async (url) => {
    const response = await send([getPart('1', url), { ...createPart('2'), url }]);
    expect(statusesOf(response)).toEqual([404, 404]);
    expect(stack.graphRequests).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ['no list of requests', {}, 'requests'],
    ['an empty list of requests', [], 'requests'],
    [
      'too many requests',
      Array.from({ length: 21 }, (_, index) => getPart(String(index), PATH)),
      'requests',
    ],
    ['a request that is not an object', ['x'], 'requests[0]'],
    ['a null id', [getPart('1', PATH, { id: null })], 'requests[0]'],
    ['a number that JSON rounds', [getPart('1', PATH, { id: 2 ** 53 })], 'requests[0]'],
    ['a number and the same text', [getPart('1', PATH, { id: 1 }), getPart('1')], 'requests[1]'],
    [
      'a cycle in two letter cases',
      [getPart('a', PATH, { dependsOn: ['B'] }), getPart('b', PATH, { dependsOn: ['A'] })],
      'requests[0]',
    ],
    [
      'one dependency without a list',
      [getPart('1'), getPart('2', PATH, { dependsOn: '1' })],
      'requests[1]',
    ],
    ['no id', [{ method: 'GET', url: PATH }], 'requests[0]'],
    ['an id twice', [getPart('1', PATH), getPart('1', PATH)], 'requests[1]'],
    ['no method', [{ id: '1', url: PATH }], 'requests[0]'],
    ['an unknown method', [{ id: '1', method: 'GO', url: PATH }], 'requests[0]'],
    ['no url', [{ id: '1', method: 'GET' }], 'requests[0]'],
    ['a backslash', [getPart('1', `${PATH}\\x`)], 'requests[0]'],
    [
      'a line break in a header',
      [getPart('1', PATH, { headers: { a: 'b\r\nc: d' } })],
      'requests[0]',
    ],
    ['a header that is not a string', [getPart('1', PATH, { headers: { a: 1 } })], 'requests[0]'],
    ['an unknown dependency', [getPart('1', PATH, { dependsOn: ['2'] })], 'requests[0]'],
    ['a part that depends on itself', [getPart('1', PATH, { dependsOn: ['1'] })], 'requests[0]'],
    [
      'a cycle of dependencies',
      [getPart('1', PATH, { dependsOn: ['2'] }), getPart('2', PATH, { dependsOn: ['1'] })],
      'requests[0]',
    ],
  ])('refuses the whole batch: %s', async (_title, requests, target) => {
    const { status, error } = await send(requests);
    expect([status, error['code']]).toEqual([400, 'BadRequest']);
    expect(error['details']).toContainEqual(expect.objectContaining({ target }));
    expect(stack.graphRequests).toBe(0);
  });

  it('names everything that is wrong with a request, and counts it', async () => {
    const { error } = await send([
      { method: 'GO', headers: 'x' },
      getPart('1', PATH, { dependsOn: '2' }),
    ]);
    expect(error['message']).toBe('The batch breaks 5 rules; see details.');
    const details: unknown[] = Array.isArray(error['details']) ? error['details'] : [];
    expect(details.map((detail) => (isObject(detail) ? detail['message'] : undefined))).toEqual([
      expect.stringMatching(/^requests\[0\] must have an "id"/),
      expect.stringMatching(/^requests\[0\] must have a "method"/),
      expect.stringMatching(/^requests\[0\] must have a "url"/),
      expect.stringMatching(/^requests\[0\] may have "headers"/),
      expect.stringMatching(/^requests\[1\] may have "dependsOn"/),
    ]);
    const many = await send(Array.from({ length: 20 }, () => ({ x: 1, headers: 1, dependsOn: 1 })));
    expect(many.error['message']).toBe('The batch breaks 120 rules; the first 100 are in details.');
    expect(many.error['details']).toHaveLength(100);
  });

  it('accepts numbers as ids, and answers them as strings', async () => {
    const response = await send([
      getPart('x', PATH, { id: 3, dependsOn: [2] }),
      createPart('2', { dependsOn: ['A'] }),
      createPart('a', { body: {} }),
      getPart('x', PATH, { id: 0.5 }),
    ]);
    expect(partsOf(response).map(({ id }) => id)).toEqual(['3', '2', 'a', '0.5']);
    expect(statusesOf(response)).toEqual([424, 424, 400, 200]);
  });

  it('takes null and annotations as absent', async () => {
    const absent = { headers: null, dependsOn: null, body: null, depends_on: null };
    const header = { ...JSON_HEADERS, 'Idempotency-Key': null, '@odata.type': '#Collection(x)' };
    const body = JSON.stringify({
      '@odata.context': 'x',
      other: null,
      requests: [
        getPart('1', PATH, { ...absent, 'id@odata.type': '#String' }),
        createPart('2', { headers: header }),
      ],
    });
    const response = await stack.request('POST', '/v1.0/$batch', { body });
    expect(statusesOf(response)).toEqual([200, 201]);
  });

  it('names unknown members, safely', async () => {
    const { error } = await send([
      getPart('1', PATH, { depends_on: [], 'a\u2028\u202eb': 1, ID: 1 }),
      getPart('1', PATH, { atomicityGroup: 'g' }),
    ]);
    const known = 'known are id, method, url, headers, body, dependsOn.';
    expect(error['details']).toEqual([
      {
        code: 'BadRequest',
        message: `requests[0] has unknown members: "depends_on", "a??b", "ID"; ${known}`,
        target: 'requests[0]',
      },
      expect.objectContaining({
        message: `requests[1] has unknown members: "atomicityGroup"; ${known}`,
      }),
    ]);
    const body = JSON.stringify({ requests: [getPart('1')], Requests: [] });
    const response = await stack.request('POST', '/v1.0/$batch', { body });
    expect(response.status).toBe(400);
    expect(JSON.stringify(response.error['details'])).toContain('Requests');
  });

  it('requires a token and a JSON body', async () => {
    expect((await send([getPart('1', PATH)], { token: null })).status).toBe(401);
    const empty = await stack.request('POST', '/$batch', { headers: JSON_HEADERS });
    expect([empty.status, empty.error['message']]).toEqual([
      400,
      'The body is empty; a JSON object is expected.',
    ]);
    expect(
      (
        await stack.request('POST', '/$batch', {
          body: '{}',
          headers: { 'content-type': 'text/plain' },
        })
      ).status,
    ).toBe(415);
    expect((await stack.request('GET', '/$batch')).headers.get('allow')).toBe('POST');
  });

  it('runs twenty parts and leaves no request in flight', async () => {
    const response = await send(
      Array.from({ length: 20 }, (_, index) => createPart(String(index))),
    );
    expect(statusesOf(response)).toEqual(Array(20).fill(201));
    const { text } = await stack.get('/metrics');
    expect(text).toContain('bookings_http_requests_in_flight 1\n');
  });
});
