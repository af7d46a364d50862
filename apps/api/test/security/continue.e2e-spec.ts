import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { customersPath, DOCUMENTED_REQUEST } from '../documented.ts';
import { useStack } from '../stack.ts';
import { readAll, createLines, headLines, open, send, statuses } from './raw-client.ts';

const LENGTH = `Content-Length: ${Buffer.byteLength(DOCUMENTED_REQUEST)}`;
const EXPECT = 'Expect: 100-continue';

const stack = useStack();

/** Sends only the headers and reads until the server closes the connection. */
async function headersAlone(lines: readonly string[]): Promise<string> {
  return readAll(await open(stack.url, [...lines, '', ''].join('\r\n')));
}

describe('Expect: 100-continue', () => {
  it('is answered with 100 when the caller is authorized, and then with the response', async () => {
    const lines = await headLines(stack, customersPath(), LENGTH, EXPECT, 'Connection: close');
    const socket = await open(stack.url, [...lines, '', ''].join('\r\n'));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(stack.graphRequests).toBe(0);
    socket.write(DOCUMENTED_REQUEST);
    expect(statuses(await readAll(socket))).toEqual([201]);
  });

  it.each<[string, (lines: string[]) => string[], number]>([
    ['a missing token', (lines) => lines.filter((line) => !line.startsWith('Authorization')), 401],
    ['an invalid token', (lines) => lines.map((line) => line.replace('Bearer ', 'Bearer x')), 401],
    ['another media type', (lines) => lines.map((line) => line.replace('json', 'xml')), 415],
    [
      'a body that is too large',
      (lines) => lines.map((line) => line.replace(LENGTH, 'Content-Length: 70000')),
      413,
    ],
    ['another path', (lines) => lines.map((line) => line.replace('/customers', '/nothing')), 404],
    ['another method', (lines) => lines.map((line) => line.replace('POST', 'PUT')), 405],
  ])(
    'is not answered with 100, and the connection is closed, for %s',
    async (_title, change, status) => {
      const lines = change(await headLines(stack, customersPath(), LENGTH, EXPECT));
      const response = await headersAlone(lines);
      expect(response).not.toContain('100 Continue');
      expect(statuses(response)).toEqual([status]);
      expect(response).toMatch(/\r\nconnection: close\r\n/i);
    },
  );

  it('is ignored without a body', async () => {
    const lines = ['GET /livez HTTP/1.1', 'Host: x', EXPECT];
    const response = await headersAlone(lines);
    expect(response).not.toContain('100 Continue');
    expect(statuses(response)).toEqual([200]);
  });

  it('is ignored in HTTP/1.0', async () => {
    const [, ...fields] = await createLines(stack, customersPath(), EXPECT);
    const response = await send(stack.url, `POST ${customersPath()} HTTP/1.0`, ...fields);
    expect(response).not.toContain('100 Continue');
    expect(statuses(response)).toEqual([201]);
  });
});

describe('an invalid body that was read completely', () => {
  it.each(['{', '"x', '[', '{"a":}', '\u00ff', '', '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1'])(
    'does not close the connection: %j',
    async (body) => {
      const bytes = Buffer.from(body, 'latin1');
      const head = await headLines(stack, customersPath(), `Content-Length: ${bytes.length}`);
      const good = await createLines(stack, customersPath(), 'Connection: close');
      const socket = await open(stack.url, [...head, '', ''].join('\r\n'));
      socket.write(bytes);
      socket.write(good.join('\r\n'));
      const responses = await readAll(socket);
      expect(statuses(responses)).toEqual([400, 201]);
    },
  );
});

describe('an HTTP/1.0 probe without Host', () => {
  it.each(['/livez', '/readyz', '/metrics'])('is answered: %s', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await send(stack.url, `${method} ${path} HTTP/1.0`, '', '');
      expect(response).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  it.each([
    ['HTTP/1.1', '/livez'],
    ['HTTP/1.0', customersPath()],
    ['HTTP/1.0', '/docs'],
  ])('other requests without Host are refused: %s %s', async (version, path) => {
    const response = await send(stack.url, `GET ${path} ${version}`, 'Connection: close', '', '');
    expect(statuses(response)).toEqual([400]);
  });
});
