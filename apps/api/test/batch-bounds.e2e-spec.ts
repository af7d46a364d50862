import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPart, getPart, partPath, partsOf, sendBatch, statusesOf } from './batch-requests.ts';
import { headLines, open } from './security/raw-caller.ts';
import { Stack, objectIn } from './stack.ts';

/** Of which four and no more find room in a batch; spaced as no serializer would. */
const LARGE = `{ "value" : [ "${'x'.repeat(7_999_978)}" ] }`;
const SMALL = '{"value":[]}';

let stack: Stack;
beforeEach(async () => {
  stack = await Stack.start({}, { businesses: ['*'] });
});
afterEach(async () => {
  await stack.stop();
});

const lists = (count: number, business?: string, more: object = {}) =>
  Array.from({ length: count }, (_none, index) => getPart(String(index), partPath(business), more));
const errorOf = (part: Record<string, unknown> | undefined) =>
  objectIn(objectIn(part ?? {}, 'body'), 'error');

function graphAnswers(body: string, times: number): void {
  stack.fake.script([{ kind: 'status', status: 200, body, times }]);
}

describe('a batch of large pages', () => {
  it('has four of them, byte for byte, and asks for the others alone', async () => {
    graphAnswers(LARGE, 20);
    const answer = await sendBatch(stack, lists(20));
    expect(answer.headers.get('content-length')).toBe(String(answer.text.length));
    expect(answer.text.split(LARGE)).toHaveLength(5);
    const refused = partsOf(answer).filter(({ status }) => status === 413);
    expect(refused).toHaveLength(16);
    expect(errorOf(refused[0])).toMatchObject({
      code: 'RequestEntityTooLarge',
      message: expect.stringContaining('send this request by itself') as unknown,
    });
    expect(stack.seen).toBe(4);
    // All its room was given back.
    expect(statusesOf(await sendBatch(stack, lists(4)))).toEqual([200, 200, 200, 200]);
  });

  it('sends no write whose answer might find no room, and keeps the answer to any other', async () => {
    graphAnswers(LARGE, 4);
    const after = (id: string) => ({ dependsOn: [id] });
    const answer = await sendBatch(stack, [
      ...lists(4),
      createPart('create', { dependsOn: ['0', '1', '2', '3'] }),
      getPart('list', partPath(), after('create')),
      createPart('never', after('list')),
    ]);
    expect(statusesOf(answer)).toEqual([200, 200, 200, 200, 201, 413, 424]);
    expect(stack.seen).toBe(5);
  });
});

describe('a batch of usual parts', () => {
  it.each<[string, () => readonly object[]]>([
    ['twenty lists', () => lists(20)],
    [
      'twenty lists of as many businesses',
      () => lists(20).map((part, index) => ({ ...part, url: partPath(`b${index}@contoso.com`) })),
    ],
    [
      'twenty lists one after the other',
      () =>
        lists(20).map((part, index) => ({
          ...part,
          ...(index > 0 && { dependsOn: [String(index - 1)] }),
        })),
    ],
  ])('always finds room: %s', async (_title, parts) => {
    graphAnswers(SMALL, 20);
    expect(statusesOf(await sendBatch(stack, parts()))).toEqual(Array(20).fill(200));
    expect(stack.seen).toBe(20);
  });

  it('always finds room beside others: five times twenty creates', async () => {
    const creates = (business: string) =>
      Array.from({ length: 20 }, (_none, index) =>
        createPart(String(index), { url: partPath(business) }),
      );
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_none, index) =>
        sendBatch(stack, creates(`b${index}@contoso.com`)),
      ),
    );
    expect(answers.flatMap(statusesOf)).toEqual(Array(100).fill(201));
  });
});

describe('several batches', () => {
  it('share the room of the process: what finds none is not sent', async () => {
    stack.fake.script([{ kind: 'silence', when: 'before-stored', times: 16 }]);
    const callers = Array.from({ length: 4 }, () => new AbortController());
    const gone = callers.map(({ signal }, index) =>
      sendBatch(stack, lists(20, `b${index}@contoso.com`), signal),
    );
    const ends = Promise.allSettled(gone);
    await stack.fake.arrived(16);
    const answer = await sendBatch(stack, [
      getPart('1', partPath()),
      createPart('2'),
      getPart('3', '/me'),
    ]);
    expect(statusesOf(answer)).toEqual([503, 503, 404]);
    const [read, write] = partsOf(answer);
    for (const part of [read, write]) {
      expect(objectIn(part ?? {}, 'headers')['Retry-After']).toMatch(/^[1-9]\d*$/);
      expect(errorOf(part)['code']).toBe('ServiceUnavailable');
    }
    const outcomes = [read, write].map((part) => objectIn(errorOf(part), 'innerError')['outcome']);
    expect(outcomes).toEqual([undefined, 'not-sent']);
    expect(stack.seen).toBe(16);
    for (const caller of callers) caller.abort();
    await ends;
    await stack.linesWith('status', 499, 20);
    graphAnswers(SMALL, 4);
    expect(statusesOf(await sendBatch(stack, lists(4)))).toEqual([200, 200, 200, 200]);
    expect(stack.seen).toBe(20);
  });

  it('keep their room until they are read, or their connections are gone', async () => {
    graphAnswers(LARGE, 16);
    const sockets: Socket[] = [];
    for (let index = 0; index < 4; index += 1) {
      const body = JSON.stringify({ requests: lists(4, `b${index}@contoso.com`) });
      const head = await headLines(stack, '/v1.0/$batch', `Content-Length: ${body.length}`);
      const socket = await open(stack.url, [...head, '', body].join('\r\n'));
      sockets.push(socket.pause());
    }
    await stack.fake.arrived(16);
    const other = [getPart('1', partPath()), createPart('2')];
    // From when the last of the pages has come a create finds room; a list does not.
    let answer = await sendBatch(stack, other);
    while (statusesOf(answer)[1] !== 201) answer = await sendBatch(stack, other);
    expect(statusesOf(answer)).toEqual([503, 201]);
    for (const socket of sockets) socket.destroy();
    await stack.linesWith('status', 499, 4);
    expect(statusesOf(await sendBatch(stack, other))).toEqual([200, 201]);
  });
});

describe('a part beyond the limits of a request', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_none, index) => [`x-${index}`, 'x']));

  it.each<[string, object]>([
    ['a long header', { headers: { 'x-long': 'x'.repeat(16_384) } }],
    ['headers that are long together', { headers: { a: 'x'.repeat(9000), b: 'x'.repeat(9000) } }],
    ['a header that would not be passed on', { headers: { 'x-forwarded-x': 'x'.repeat(16_384) } }],
    ['101 headers', { headers: many(101) }],
    ['a long url', { url: `${partPath()}?$filter=${'x'.repeat(16_384)}` }],
  ])('is refused, and no other part: %s', async (_title, more) => {
    const answer = await sendBatch(stack, [
      getPart('1', partPath(), more),
      getPart('2', partPath()),
    ]);
    expect(statusesOf(answer)).toEqual([431, 200]);
    const [part] = partsOf(answer);
    expect(errorOf(part)['code']).toBe('RequestHeaderFieldsTooLarge');
    expect(stack.seen).toBe(1);
    const id = String(objectIn(part ?? {}, 'headers')['request-id']);
    expect(await stack.lineOf(id)).toMatchObject({ status: 431 });
  });

  it('is none with as many and as long headers as a request may have', async () => {
    const headers = { ...many(80), 'x-long': 'x'.repeat(12_000) };
    expect(statusesOf(await sendBatch(stack, [getPart('1', partPath(), { headers })]))).toEqual([
      200,
    ]);
  });
});
