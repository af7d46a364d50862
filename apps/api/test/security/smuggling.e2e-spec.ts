import { beforeAll, describe, expect, it } from '@jest/globals';
import { customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { useStack } from '../stack.ts';
import { createLines, errorIn, headLines, send, statuses } from './raw-client.ts';

const PATH = customersPath();
const LENGTH = Buffer.byteLength(DOCUMENTED_REQUEST);
const CHUNKED = `${LENGTH.toString(16)}\r\n${DOCUMENTED_REQUEST}\r\n0\r\n\r\n`;

const stack = useStack();
/** A complete create that the tests hide in another request. */
let hidden: string;
beforeAll(async () => {
  hidden = (await createLines(stack, PATH, 'Connection: close')).join('\r\n');
});

describe('an ambiguous body length', () => {
  it.each<[string, string[], string]>([
    ['two lengths', [`Content-Length: ${LENGTH}`, 'Content-Length: 0'], DOCUMENTED_REQUEST],
    ['two equal lengths', Array(2).fill(`Content-Length: ${LENGTH}`), DOCUMENTED_REQUEST],
    ['a list of lengths', [`Content-Length: ${LENGTH}, ${LENGTH}`], DOCUMENTED_REQUEST],
    ['a length with a sign', [`Content-Length: +${LENGTH}`], DOCUMENTED_REQUEST],
    ['a negative length', ['Content-Length: -1'], DOCUMENTED_REQUEST],
    ['a length in hexadecimal', [`Content-Length: 0x${LENGTH.toString(16)}`], DOCUMENTED_REQUEST],
    ['a length with a point', [`Content-Length: ${LENGTH}.0`], DOCUMENTED_REQUEST],
    ['a length with a space in it', ['Content-Length: 1 0'], DOCUMENTED_REQUEST],
    ['a length that is too large', ['Content-Length: 99999999999999999999'], DOCUMENTED_REQUEST],
    ['an empty length', ['Content-Length:'], DOCUMENTED_REQUEST],
    ['length and chunks', [`Content-Length: 4`, 'Transfer-Encoding: chunked'], CHUNKED],
    ['chunks and length', ['Transfer-Encoding: chunked', `Content-Length: 4`], CHUNKED],
    ['"chunked" followed by "identity"', ['Transfer-Encoding: chunked, identity'], CHUNKED],
    ['an unknown transfer coding', ['Transfer-Encoding: xchunked'], CHUNKED],
    ['"chunked" twice', ['Transfer-Encoding: chunked, chunked'], CHUNKED],
    ['a space before the colon', ['Transfer-Encoding : chunked'], CHUNKED],
    ['a space before the name', [' Transfer-Encoding: chunked'], CHUNKED],
    ['a length with a space before the colon', [`Content-Length : ${LENGTH}`], DOCUMENTED_REQUEST],
    ['a folded line', ['Transfer-Encoding:', ' chunked'], CHUNKED],
    ['a control character', ['Transfer-Encoding: \u000bchunked'], CHUNKED],
    ['a NUL in a name', [`Content-Length\0: ${LENGTH}`], DOCUMENTED_REQUEST],
    ['a chunk with a sign', ['Transfer-Encoding: chunked'], `+${CHUNKED}`],
    ['a chunk in hexadecimal', ['Transfer-Encoding: chunked'], `0x${CHUNKED}`],
    ['a chunk size that is too large', ['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n`],
    [
      'a chunk that is longer than its size',
      ['Transfer-Encoding: chunked'],
      '1\r\nabc\r\n0\r\n\r\n',
    ],
    ['chunks that end in LF', ['Transfer-Encoding: chunked'], CHUNKED.replaceAll('\r\n', '\n')],
    ['a line that ends in CR', ['X: y\rTransfer-Encoding: chunked'], CHUNKED],
    ['a line that ends in LF', ['X: y\nTransfer-Encoding: chunked'], CHUNKED],
  ])('is refused, and the rest of the connection is ignored: %s', async (_title, lines, body) => {
    const head = await headLines(stack, PATH, ...lines);
    const response = await send(stack.url, ...head, '', `${body}${hidden}`);
    expect(statuses(response)).toEqual([400]);
    expect(errorIn(response)).toMatchObject({
      code: 'BadRequest',
      innerError: { origin: 'proxy' },
    });
    expect(stack.graphRequests).toBe(0);
  });

  it.each(['gzip, chunked', 'identity, chunked', 'deflate,chunked', 'x, chunked'])(
    'is refused with another transfer coding: %s',
    async (codings) => {
      const head = await headLines(
        stack,
        PATH,
        `Transfer-Encoding: ${codings}`,
        'Connection: close',
      );
      const response = await send(stack.url, ...head, '', CHUNKED);
      expect(statuses(response)).toEqual([400]);
      expect(errorIn(response)['code']).toBe('BadRequest');
      expect(stack.graphRequests).toBe(0);
    },
  );

  it('may be "chunked" in upper or lower case', async () => {
    const head = await headLines(stack, PATH, 'transfer-encoding: Chunked', 'Connection: close');
    expect(statuses(await send(stack.url, ...head, '', CHUNKED))).toEqual([201]);
  });

  it('cannot smuggle a second request in HTTP/1.0', async () => {
    const [, ...fields] = await headLines(stack, PATH, 'Transfer-Encoding: chunked');
    const response = await send(
      stack.url,
      `POST ${PATH} HTTP/1.0`,
      ...fields,
      '',
      CHUNKED + hidden,
    );
    expect(statuses(response)).toHaveLength(1);
    expect(stack.graphRequests).toBeLessThanOrEqual(1);
  });
});

describe('a request inside the body of another', () => {
  it.each<[string, string[], number]>([
    ['for an unknown path', ['POST /nope HTTP/1.1', 'Host: x'], 404],
    ['without a token', [`POST ${PATH} HTTP/1.1`, 'Host: x'], 401],
    ['with GET', ['GET /livez HTTP/1.1', 'Host: x'], 200],
    ['with DELETE', [`DELETE ${PATH}/x HTTP/1.1`, 'Host: x'], 401],
  ])('is not executed: %s', async (_title, lines, status) => {
    const length = `Content-Length: ${Buffer.byteLength(hidden)}`;
    const last = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const response = await send(stack.url, ...lines, length, '', hidden + last);
    expect(statuses(response)).toEqual([status, 200]);
    expect(stack.graphRequests).toBe(0);
  });

  it('is executed when it follows another request', async () => {
    const first = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
    expect(statuses(await send(stack.url, first + hidden))).toEqual([200, 201]);
    expect(stack.graphRequests).toBe(1);
  });
});

describe('a protocol upgrade', () => {
  it.each<[string, string[]]>([
    [
      'to HTTP/2',
      ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', 'Connection: Upgrade, close'],
    ],
    [
      'to WebSocket',
      ['Upgrade: websocket', 'Connection: Upgrade, close', 'Sec-WebSocket-Version: 13'],
    ],
  ])('is ignored: %s', async (_title, lines) => {
    const response = await send(stack.url, ...(await createLines(stack, PATH, ...lines)));
    expect(statuses(response)).toEqual([201]);
  });

  it('is refused when it begins with the HTTP/2 preface', async () => {
    const response = await send(stack.url, 'PRI * HTTP/2.0', '', 'SM', '', '');
    expect(statuses(response)).toEqual([400]);
  });
});
