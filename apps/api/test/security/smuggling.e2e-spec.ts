import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, DOCUMENTED_REQUEST, Stack } from '../stack.ts';
import { BUSINESSES, createLines, errorIn, headLines, send, statuses } from './raw-caller.ts';

const PATH = `${BUSINESSES}/${BUSINESS}/customers`;
const LENGTH = Buffer.byteLength(DOCUMENTED_REQUEST);
const CHUNKED = `${LENGTH.toString(16)}\r\n${DOCUMENTED_REQUEST}\r\n0\r\n\r\n`;

let stack: Stack;
/** A create that would be carried out, as something hidden in something else. */
let hidden: string;
beforeAll(async () => {
  stack = await Stack.start();
  hidden = (await createLines(stack, PATH, 'Connection: close')).join('\r\n');
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

describe('a length that two readers could read in two ways', () => {
  it.each<[string, string[], string]>([
    ['two lengths', [`Content-Length: ${LENGTH}`, 'Content-Length: 0'], DOCUMENTED_REQUEST],
    ['two equal lengths', Array(2).fill(`Content-Length: ${LENGTH}`), DOCUMENTED_REQUEST],
    ['a list of lengths', [`Content-Length: ${LENGTH}, ${LENGTH}`], DOCUMENTED_REQUEST],
    ['a length with a sign', [`Content-Length: +${LENGTH}`], DOCUMENTED_REQUEST],
    ['a negative length', ['Content-Length: -1'], DOCUMENTED_REQUEST],
    ['a length in hexadecimal', [`Content-Length: 0x${LENGTH.toString(16)}`], DOCUMENTED_REQUEST],
    ['a length with a point', [`Content-Length: ${LENGTH}.0`], DOCUMENTED_REQUEST],
    ['a length with a blank in it', ['Content-Length: 1 0'], DOCUMENTED_REQUEST],
    ['a length that no number holds', ['Content-Length: 99999999999999999999'], DOCUMENTED_REQUEST],
    ['an empty length', ['Content-Length:'], DOCUMENTED_REQUEST],
    ['length and chunks', [`Content-Length: 4`, 'Transfer-Encoding: chunked'], CHUNKED],
    ['chunks and length', ['Transfer-Encoding: chunked', `Content-Length: 4`], CHUNKED],
    ['chunks and no chunks', ['Transfer-Encoding: chunked, identity'], CHUNKED],
    ['chunks that are named otherwise', ['Transfer-Encoding: xchunked'], CHUNKED],
    ['chunks within chunks', ['Transfer-Encoding: chunked, chunked'], CHUNKED],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], CHUNKED],
    ['a blank before the name', [' Transfer-Encoding: chunked'], CHUNKED],
    ['a length with a blank before the colon', [`Content-Length : ${LENGTH}`], DOCUMENTED_REQUEST],
    ['a folded line', ['Transfer-Encoding:', ' chunked'], CHUNKED],
    ['a control character', ['Transfer-Encoding: \u000bchunked'], CHUNKED],
    ['a NUL in a name', [`Content-Length\0: ${LENGTH}`], DOCUMENTED_REQUEST],
    ['a chunk with a sign', ['Transfer-Encoding: chunked'], `+${CHUNKED}`],
    ['a chunk in hexadecimal', ['Transfer-Encoding: chunked'], `0x${CHUNKED}`],
    ['a chunk that no number holds', ['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n`],
    ['a chunk that is longer than said', ['Transfer-Encoding: chunked'], '1\r\nabc\r\n0\r\n\r\n'],
    ['chunks that end in LF', ['Transfer-Encoding: chunked'], CHUNKED.replaceAll('\r\n', '\n')],
    ['a line that ends in CR', ['X: y\rTransfer-Encoding: chunked'], CHUNKED],
    ['a line that ends in LF', ['X: y\nTransfer-Encoding: chunked'], CHUNKED],
  ])('is refused, and what is behind it is not read: %s', async (_title, lines, body) => {
    const head = await headLines(stack, PATH, ...lines);
    const answer = await send(stack.url, ...head, '', `${body}${hidden}`);
    expect(statuses(answer)).toEqual([400]);
    expect(errorIn(answer)).toMatchObject({ code: 'BadRequest', innerError: { origin: 'proxy' } });
    expect(stack.seen).toBe(0);
  });

  it.each(['gzip, chunked', 'identity, chunked', 'deflate,chunked', 'x, chunked'])(
    'is none of chunks that would have to be decoded: %s',
    async (codings) => {
      const head = await headLines(
        stack,
        PATH,
        `Transfer-Encoding: ${codings}`,
        'Connection: close',
      );
      const answer = await send(stack.url, ...head, '', CHUNKED);
      expect(statuses(answer)).toEqual([400]);
      expect(errorIn(answer)['code']).toBe('BadRequest');
      expect(stack.seen).toBe(0);
    },
  );

  it('is that of chunks, in any letters', async () => {
    const head = await headLines(stack, PATH, 'transfer-encoding: Chunked', 'Connection: close');
    expect(statuses(await send(stack.url, ...head, '', CHUNKED))).toEqual([201]);
  });

  it('is none in HTTP/1.0, which has no chunks', async () => {
    const [, ...fields] = await headLines(stack, PATH, 'Transfer-Encoding: chunked');
    const answer = await send(stack.url, `POST ${PATH} HTTP/1.0`, ...fields, '', CHUNKED + hidden);
    expect(statuses(answer)).toHaveLength(1);
    expect(stack.seen).toBeLessThanOrEqual(1);
  });
});

describe('a request in the body of another', () => {
  it.each<[string, string[], number]>([
    ['that nothing reads', ['POST /nope HTTP/1.1', 'Host: x'], 404],
    ['that is refused', [`POST ${PATH} HTTP/1.1`, 'Host: x'], 401],
    ['that has no use for one', ['GET /livez HTTP/1.1', 'Host: x'], 200],
    ['that deletes', [`DELETE ${PATH}/x HTTP/1.1`, 'Host: x'], 401],
  ])('stays what it is: %s', async (_title, lines, status) => {
    const length = `Content-Length: ${Buffer.byteLength(hidden)}`;
    const last = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const answer = await send(stack.url, ...lines, length, '', hidden + last);
    expect(statuses(answer)).toEqual([status, 200]);
    expect(stack.seen).toBe(0);
  });

  it('is carried out when it comes behind one, as it may', async () => {
    const first = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
    expect(statuses(await send(stack.url, first + hidden))).toEqual([200, 201]);
    expect(stack.seen).toBe(1);
  });
});

describe('a change of protocol', () => {
  it.each<[string, string[]]>([
    [
      'to HTTP/2',
      ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', 'Connection: Upgrade, close'],
    ],
    [
      'to WebSocket',
      ['Upgrade: websocket', 'Connection: Upgrade, close', 'Sec-WebSocket-Version: 13'],
    ],
  ])('is not made: %s', async (_title, lines) => {
    const answer = await send(stack.url, ...(await createLines(stack, PATH, ...lines)));
    expect(statuses(answer)).toEqual([201]);
  });

  it('is not begun by the preface of HTTP/2', async () => {
    const answer = await send(stack.url, 'PRI * HTTP/2.0', '', 'SM', '', '');
    expect(statuses(answer)).toEqual([400]);
  });
});
