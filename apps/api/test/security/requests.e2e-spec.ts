import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, Stack } from '../stack.ts';
import { BUSINESSES as root, createLines, errorIn, open, send } from './raw-caller.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({}, { businesses: ['*'] });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

const authorized = async (path: string) =>
  send(stack.url, ...(await createLines(stack, path, 'Connection: close')));

describe('what is no request', () => {
  it.each<[string, string[], number, string]>([
    ['no HTTP', ['hello', '', ''], 400, 'BadRequest'],
    [
      'headers over 16 KiB',
      ['GET /livez HTTP/1.1', 'Host: x', `X: ${'y'.repeat(20_000)}`, '', ''],
      431,
      'RequestHeaderFieldsTooLarge',
    ],
    ['no Host', ['GET /livez HTTP/1.1', 'Connection: close', '', ''], 400, 'BadRequest'],
    [
      'a Host that is none',
      ['GET /livez HTTP/1.1', 'Host: a"b<c>', 'Connection: close', '', ''],
      400,
      'BadRequest',
    ],
    [
      'two lengths',
      ['POST /livez HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2', '', 'ab'],
      400,
      'BadRequest',
    ],
    [
      'a length and chunks',
      [
        'POST /livez HTTP/1.1',
        'Host: x',
        'Content-Length: 1',
        'Transfer-Encoding: chunked',
        '',
        '0',
        '',
        '',
      ],
      400,
      'BadRequest',
    ],
    [
      'a path that cannot be decoded',
      ['GET /%zz HTTP/1.1', 'Host: x', 'Connection: close', '', ''],
      400,
      'BadRequest',
    ],
  ])('%s is answered in the shape of Graph', async (_title, lines, status, code) => {
    const answer = await send(stack.url, ...lines);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\ncontent-type: application\/json\r\n/i);
    expect(answer).toMatch(/\r\nrequest-id: [0-9a-f-]{36}\r\n/i);
    expect(errorIn(answer)).toMatchObject({ code, innerError: { origin: 'proxy' } });
  });
});

describe('what comes behind a create that is being carried out', () => {
  it.each<[string, string]>([
    ['garbage', 'garbage\r\n\r\n'],
    ['headers over 16 KiB', `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
  ])('is not taken for its answer: %s', async (_title, behind) => {
    stack.fake.script([{ kind: 'delay', delayMs: 200 }]);
    const socket = await open(
      stack.url,
      (await createLines(stack, `${root}/${BUSINESS}/customers`)).join('\r\n'),
    );
    await stack.fake.arrived(1);
    socket.write(behind);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect([stack.seen, stack.fake.customers(BUSINESS).length]).toEqual([1, 1]);
  });

  it('is answered in the shape of Graph once the create is', async () => {
    const socket = await open(stack.url, 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.write('garbage\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(errorIn(answer)['code']).toBe('BadRequest');
  });
});

describe('what Node would answer by itself', () => {
  it('CONNECT is a method that nothing has', async () => {
    const answer = await send(stack.url, 'CONNECT a:443 HTTP/1.1', 'Host: x', '', '');
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(errorIn(answer)['code']).toBe('Request_BadRequest');
  });

  it('an expectation that nobody knows is ignored', async () => {
    expect(
      await send(
        stack.url,
        'GET /livez HTTP/1.1',
        'Host: x',
        'Expect: something',
        'Connection: close',
        '',
        '',
      ),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('the absolute form of a target means the same', async () => {
    const path = `${root}/${BUSINESS}/customers`;
    expect(await authorized(`http://x${path.toLowerCase()}`)).toMatch(/^HTTP\/1\.1 201 /);
    expect(
      await send(stack.url, `GET http://x${path} HTTP/1.1`, 'Host: x', 'Connection: close', '', ''),
    ).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['Host: y', 'Content-Type: text/plain'])('a second %s is refused', async (field) => {
    const lines = await createLines(
      stack,
      `${root}/${BUSINESS}/customers`,
      field,
      'Connection: close',
    );
    expect(await send(stack.url, ...lines)).toMatch(/^HTTP\/1\.1 400 /);
    expect(stack.seen).toBe(0);
  });
});

describe('a body for what is not there', () => {
  it.each<[string, string, string, number]>([
    ['POST', '/nope', 'text/plain', 404],
    ['PUT', `${root}/x/customers`, 'text/plain', 405],
    ['DELETE', `${root}/x/customers`, 'application/json', 405],
    ['QUERY', `${root}/x/customers`, 'application/json', 405],
    ['POST', '/livez', ';', 405],
  ])('is not read: %s %s', async (method, path, type, status) => {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      'Host: x',
      `Content-Type: ${type}`,
      'Connection: close',
    ];
    const answer = await send(stack.url, ...lines, 'Content-Length: 300000', '', 'abc');
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});
