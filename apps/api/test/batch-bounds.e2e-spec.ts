import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createPart, getPart, partsOf, sendBatch, statusesOf } from './batch-requests.ts';
import { relativePath } from './documented.ts';
import { silenceBefore } from './faults.ts';
import { objectIn } from './json.ts';
import { headLines, open } from './security/raw-client.ts';
import { useFreshStack } from './stack.ts';

/** A response of which four fit in a batch. Its spacing shows whether it is copied unchanged. */
const LARGE = `{ "value" : [ "${'x'.repeat(7_999_978)}" ] }`;
const SMALL = '{"value":[]}';

/** On a busy machine large responses take long. */
const LONG_TIMEOUTS = { GRAPH_ATTEMPT_TIMEOUT_MS: '50000', GRAPH_DEADLINE_MS: '55000' };

const stack = useFreshStack(LONG_TIMEOUTS, { businesses: ['*'] });

const lists = (count: number, business?: string, more: object = {}) =>
  Array.from({ length: count }, (_none, index) =>
    getPart(String(index), relativePath(business), more),
  );
const errorOf = (part: Record<string, unknown> | undefined) =>
  objectIn(objectIn(part ?? {}, 'body'), 'error');

function graphResponds(body: string, times: number): void {
  stack.fake.script([{ kind: 'status', status: 200, body, times }]);
}

describe('a batch of large responses', () => {
  it('contains four of them unchanged and refuses the other parts with 413', async () => {
    graphResponds(LARGE, 20);
    const response = await sendBatch(stack, lists(20));
    expect(response.headers.get('content-length')).toBe(String(response.text.length));
    expect(response.text.split(LARGE)).toHaveLength(5);
    const refused = partsOf(response).filter(({ status }) => status === 413);
    expect(refused).toHaveLength(16);
    expect(errorOf(refused[0])).toMatchObject({
      code: 'RequestEntityTooLarge',
      message: expect.stringContaining('send this request by itself') as unknown,
    });
    expect(stack.graphRequests).toBe(4);
    // The batch has released its memory.
    expect(statusesOf(await sendBatch(stack, lists(4)))).toEqual([200, 200, 200, 200]);
  });

  it('sends a write only when its response has room', async () => {
    graphResponds(LARGE, 4);
    const after = (id: string) => ({ dependsOn: [id] });
    const response = await sendBatch(stack, [
      ...lists(4),
      createPart('create', { dependsOn: ['0', '1', '2', '3'] }),
      getPart('list', relativePath(), after('create')),
      createPart('never', after('list')),
    ]);
    expect(statusesOf(response)).toEqual([200, 200, 200, 200, 201, 413, 424]);
    expect(stack.graphRequests).toBe(5);
  });
});

describe('a batch of typical parts', () => {
  it.each<[string, () => readonly object[]]>([
    ['twenty lists', () => lists(20)],
    [
      'twenty lists of twenty businesses',
      () =>
        lists(20).map((part, index) => ({ ...part, url: relativePath(`b${index}@contoso.com`) })),
    ],
    [
      'twenty lists in sequence',
      () =>
        lists(20).map((part, index) => ({
          ...part,
          ...(index > 0 && { dependsOn: [String(index - 1)] }),
        })),
    ],
  ])('always has room: %s', async (_title, parts) => {
    graphResponds(SMALL, 20);
    expect(statusesOf(await sendBatch(stack, parts()))).toEqual(Array(20).fill(200));
    expect(stack.graphRequests).toBe(20);
  });

  it('has room next to others: five batches of twenty creates', async () => {
    const creates = (business: string) =>
      Array.from({ length: 20 }, (_none, index) =>
        createPart(String(index), { url: relativePath(business) }),
      );
    const responses = await Promise.all(
      Array.from({ length: 5 }, (_none, index) =>
        sendBatch(stack, creates(`b${index}@contoso.com`)),
      ),
    );
    expect(responses.flatMap(statusesOf)).toEqual(Array(100).fill(201));
  });
});

describe('concurrent batches', () => {
  it('share the memory limit of the process, and parts beyond it are not sent', async () => {
    stack.fake.script([silenceBefore(16)]);
    const callers = Array.from({ length: 4 }, () => new AbortController());
    const gone = callers.map(({ signal }, index) =>
      sendBatch(stack, lists(20, `b${index}@contoso.com`), { signal }),
    );
    const ends = Promise.allSettled(gone);
    await stack.fake.arrived(16);
    const response = await sendBatch(stack, [
      getPart('1', relativePath()),
      createPart('2'),
      getPart('3', '/me'),
    ]);
    expect(statusesOf(response)).toEqual([503, 503, 404]);
    const [read, write] = partsOf(response);
    for (const part of [read, write]) {
      expect(objectIn(part ?? {}, 'headers')['Retry-After']).toMatch(/^[1-9]\d*$/);
      expect(errorOf(part)['code']).toBe('ServiceUnavailable');
    }
    const outcomes = [read, write].map((part) => objectIn(errorOf(part), 'innerError')['outcome']);
    expect(outcomes).toEqual([undefined, 'not-sent']);
    expect(stack.graphRequests).toBe(16);
    for (const caller of callers) caller.abort();
    await ends;
    await stack.linesWith('http.response.status_code', 499, 20);
    graphResponds(SMALL, 4);
    expect(statusesOf(await sendBatch(stack, lists(4)))).toEqual([200, 200, 200, 200]);
    expect(stack.graphRequests).toBe(20);
  });

  it('occupy memory until they are read or their connections are closed', async () => {
    graphResponds(LARGE, 16);
    const sockets: Socket[] = [];
    for (let index = 0; index < 4; index += 1) {
      const body = JSON.stringify({ requests: lists(4, `b${index}@contoso.com`) });
      const head = await headLines(stack, '/v1.0/$batch', `Content-Length: ${body.length}`);
      const socket = await open(stack.url, [...head, '', body].join('\r\n'));
      sockets.push(socket.pause());
    }
    await stack.fake.arrived(16);
    const other = [getPart('1', relativePath()), createPart('2')];
    // Once all responses have arrived, a create has room but a list does not.
    let response = await sendBatch(stack, other);
    while (statusesOf(response)[1] !== 201) response = await sendBatch(stack, other);
    expect(statusesOf(response)).toEqual([503, 201]);
    for (const socket of sockets) socket.destroy();
    await stack.linesWith('http.response.status_code', 499, 4);
    expect(statusesOf(await sendBatch(stack, other))).toEqual([200, 201]);
  });
});

describe('a part that exceeds the limits of a request', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_none, index) => [`x-${index}`, 'x']));

  it.each<[string, object]>([
    ['a long header', { headers: { 'x-long': 'x'.repeat(16_384) } }],
    [
      'several headers that are too long in total',
      { headers: { a: 'x'.repeat(9000), b: 'x'.repeat(9000) } },
    ],
    ['a long header that is not forwarded', { headers: { 'x-forwarded-x': 'x'.repeat(16_384) } }],
    ['101 headers', { headers: many(101) }],
    ['a long url', { url: `${relativePath()}?$filter=${'x'.repeat(16_384)}` }],
  ])('is refused without affecting other parts: %s', async (_title, more) => {
    const response = await sendBatch(stack, [
      getPart('1', relativePath(), more),
      getPart('2', relativePath()),
    ]);
    expect(statusesOf(response)).toEqual([431, 200]);
    const [part] = partsOf(response);
    expect(errorOf(part)['code']).toBe('RequestHeaderFieldsTooLarge');
    expect(stack.graphRequests).toBe(1);
    const id = String(objectIn(part ?? {}, 'headers')['request-id']);
    expect(await stack.lineOf(id)).toMatchObject({ 'http.response.status_code': 431 });
  });

  it('is accepted with as many and as long headers as a request may have', async () => {
    const headers = { ...many(80), 'x-long': 'x'.repeat(12_000) };
    expect(statusesOf(await sendBatch(stack, [getPart('1', relativePath(), { headers })]))).toEqual(
      [200],
    );
  });
});
