import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENTED_REQUEST, Stack, customersPath } from '../stack.ts';
import { allOf, createLines, headLines, open, send, statuses } from './raw-caller.ts';

const LENGTH = `Content-Length: ${Buffer.byteLength(DOCUMENTED_REQUEST)}`;
const EXPECT = 'Expect: 100-continue';

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

/** What comes when only the headers are sent, until the server closes the connection. */
async function headersAlone(lines: readonly string[]): Promise<string> {
  return allOf(await open(stack.url, [...lines, '', ''].join('\r\n')));
}

describe('Expect: 100-continue', () => {
  it('gets its 100 when the caller is permitted, and then the answer', async () => {
    const lines = await headLines(stack, customersPath(), LENGTH, EXPECT, 'Connection: close');
    const socket = await open(stack.url, [...lines, '', ''].join('\r\n'));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(stack.seen).toBe(0);
    socket.write(DOCUMENTED_REQUEST);
    expect(statuses(await allOf(socket))).toEqual([201]);
  });

  it.each<[string, (lines: string[]) => string[], number]>([
    ['no token', (lines) => lines.filter((line) => !line.startsWith('Authorization')), 401],
    ['a bad token', (lines) => lines.map((line) => line.replace('Bearer ', 'Bearer x')), 401],
    ['another type', (lines) => lines.map((line) => line.replace('json', 'xml')), 415],
    [
      'too large a body',
      (lines) => lines.map((line) => line.replace(LENGTH, 'Content-Length: 70000')),
      413,
    ],
    ['another path', (lines) => lines.map((line) => line.replace('/customers', '/nothing')), 404],
    ['another method', (lines) => lines.map((line) => line.replace('POST', 'PUT')), 405],
  ])('gets no 100 with %s, and its connection is closed', async (_title, change, status) => {
    const lines = change(await headLines(stack, customersPath(), LENGTH, EXPECT));
    const answer = await headersAlone(lines);
    expect(answer).not.toContain('100 Continue');
    expect(statuses(answer)).toEqual([status]);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('is ignored where there is no body to send', async () => {
    const lines = ['GET /livez HTTP/1.1', 'Host: x', EXPECT];
    const answer = await headersAlone(lines);
    expect(answer).not.toContain('100 Continue');
    expect(statuses(answer)).toEqual([200]);
  });

  it('is ignored in HTTP/1.0', async () => {
    const [, ...fields] = await createLines(stack, customersPath(), EXPECT);
    const answer = await send(stack.url, `POST ${customersPath()} HTTP/1.0`, ...fields);
    expect(answer).not.toContain('100 Continue');
    expect(statuses(answer)).toEqual([201]);
  });
});

describe('a body that was read whole', () => {
  it.each(['{', '"x', '[', '{"a":}', '\u00ff', '', '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1'])(
    'does not close the connection when it is no JSON: %j',
    async (body) => {
      const bytes = Buffer.from(body, 'latin1');
      const head = await headLines(stack, customersPath(), `Content-Length: ${bytes.length}`);
      const good = await createLines(stack, customersPath(), 'Connection: close');
      const socket = await open(stack.url, [...head, '', ''].join('\r\n'));
      socket.write(bytes);
      socket.write(good.join('\r\n'));
      const answers = await allOf(socket);
      expect(statuses(answers)).toEqual([400, 201]);
    },
  );
});

describe('a probe in HTTP/1.0 without Host', () => {
  it.each(['/livez', '/readyz', '/metrics'])('is answered: %s', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await send(stack.url, `${method} ${path} HTTP/1.0`, '', '');
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  it.each([
    ['HTTP/1.1', '/livez'],
    ['HTTP/1.0', customersPath()],
    ['HTTP/1.0', '/docs'],
  ])('only for probes of that version: %s %s', async (version, path) => {
    const answer = await send(stack.url, `GET ${path} ${version}`, 'Connection: close', '', '');
    expect(statuses(answer)).toEqual([400]);
  });
});
