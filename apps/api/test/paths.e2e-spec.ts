import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, DOCUMENTED_REQUEST, Stack, jsonObject, objectIn } from './stack.ts';

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

/** Writes `lines` on a new connection and hands it over. */
async function open(...lines: string[]): Promise<Socket> {
  const { port } = new URL(stack.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(lines.join('\r\n'));
  return socket;
}

/** Sends bytes as they are and reads whatever comes until the connection closes. */
async function raw(...lines: string[]): Promise<string> {
  return text(await open(...lines));
}

const createLines = async (path: string, ...more: string[]) => {
  const token = await stack.fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
  return [
    `POST ${path} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...more,
    `Content-Length: ${Buffer.byteLength(DOCUMENTED_REQUEST)}`,
    '',
    DOCUMENTED_REQUEST,
  ];
};
const authorized = async (path: string) => raw(...(await createLines(path, 'Connection: close')));
const root = '/v1.0/solutions/bookingBusinesses';

describe('the path of a create', () => {
  it.each<[string, string]>([
    [`/solutions/bookingBusinesses/${BUSINESS}/customers`, BUSINESS],
    [`/V1.0/Solutions/BookingBusinesses/${BUSINESS}/Customers`, BUSINESS],
    [`/v1.0/solutions/bookingbusinesses/${BUSINESS}/customers/`, BUSINESS],
    [`${root}('${BUSINESS}')/customers`, BUSINESS],
    [`${root}(%27${encodeURIComponent(BUSINESS)}%27)/customers`, BUSINESS],
    [`/solutions/BOOKINGBUSINESSES%28%27a@b.c%27%29/customers/`, 'a@b.c'],
    [`${root}('o''neill@contoso.com')/customers`, "o'neill@contoso.com"],
    [`${root}(%27o%27%27neill@contoso.com%27)/customers`, "o'neill@contoso.com"],
    [`${root}/${encodeURIComponent(BUSINESS)}/customers`, BUSINESS],
    [`${root}/a%2Fb%3Fc%23d/customers`, 'a/b?c#d'],
    [`${root}/a%252Fb/customers`, 'a%2Fb'],
    [`${root}/...%2F../customers`, '.../..'],
    [`${root}/%C3%BC@contoso.com/customers`, '\u00fc@contoso.com'],
    [`${root}/${'x'.repeat(300)}@contoso.com/customers`, `${'x'.repeat(300)}@contoso.com`],
  ])('%s', async (path, business) => {
    expect(await authorized(path)).toMatch(/^HTTP\/1\.1 201 /);
    const [seen] = stack.fake.requests().requests;
    expect(seen?.business).toBe(business);
    // One segment, whatever is in the key.
    expect(seen?.path.split('/')).toHaveLength(6);
  });

  it.each<[string, number, string]>([
    [`${root}/%2E%2E/customers`, 400, 'BadRequest'],
    [`${root}/%2e/customers`, 400, 'BadRequest'],
    [`${root}/a%00b/customers`, 400, 'BadRequest'],
    [`${root}/a%0D%0Ab/customers`, 400, 'BadRequest'],
    [`${root}/a%zz/customers`, 400, 'BadRequest'],
    [`${root}/%C0%AF/customers`, 400, 'BadRequest'],
    [`${root}//customers`, 404, 'ResourceNotFound'],
    [`${root}('')/customers`, 404, 'ResourceNotFound'],
    [`${root}('it's')/customers`, 404, 'ResourceNotFound'],
    [`${root}/x/customers/y/z`, 404, 'ResourceNotFound'],
    [`${root}/x/../y/customers`, 404, 'ResourceNotFound'],
    [`/beta/solutions/bookingBusinesses/x/customers`, 404, 'ResourceNotFound'],
    [`/`, 404, 'ResourceNotFound'],
  ])('%s is answered with %i %s', async (path, status, code) => {
    const answer = await authorized(path);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(errorIn(answer)['code']).toBe(code);
    expect(stack.seen).toBe(0);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'has no %s, and says what it has',
    async (method) => {
      const answer = await stack.create({ method });
      expect([answer.status, answer.error['code']]).toEqual([405, 'Request_BadRequest']);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
      expect(stack.seen).toBe(0);
    },
  );
});

function errorIn(answer: string): Record<string, unknown> {
  return objectIn(jsonObject(answer.split('\r\n\r\n')[1] ?? ''), 'error');
}

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
    const answer = await raw(...lines);
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
    const socket = await open(...(await createLines(`${root}/${BUSINESS}/customers`)));
    await stack.fake.arrived(1);
    socket.write(behind);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect([stack.seen, stack.fake.customers(BUSINESS).length]).toEqual([1, 1]);
  });

  it('is answered in the shape of Graph once the create is', async () => {
    const socket = await open('GET /livez HTTP/1.1', 'Host: x', '', '');
    await once(socket, 'data');
    socket.write('garbage\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(errorIn(answer)['code']).toBe('BadRequest');
  });
});

describe('what Node would answer by itself', () => {
  it('CONNECT is a method that nothing has', async () => {
    const answer = await raw('CONNECT a:443 HTTP/1.1', 'Host: x', '', '');
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(errorIn(answer)['code']).toBe('Request_BadRequest');
  });

  it('an expectation that nobody knows is ignored', async () => {
    expect(
      await raw('GET /livez HTTP/1.1', 'Host: x', 'Expect: something', 'Connection: close', '', ''),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('the absolute form of a target means the same', async () => {
    const path = `${root}/${BUSINESS}/customers`;
    expect(await authorized(`http://x${path.toLowerCase()}`)).toMatch(/^HTTP\/1\.1 201 /);
    expect(
      await raw(`GET http://x${path} HTTP/1.1`, 'Host: x', 'Connection: close', '', ''),
    ).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['Host: y', 'Content-Type: text/plain'])('a second %s is refused', async (field) => {
    const lines = await createLines(`${root}/${BUSINESS}/customers`, field, 'Connection: close');
    expect(await raw(...lines)).toMatch(/^HTTP\/1\.1 400 /);
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
    const answer = await raw(...lines, 'Content-Length: 300000', '', 'abc');
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});

describe('every route', () => {
  it('declares a permission, that it needs a token, or that it is for everybody', () => {
    const marks = stack.app.routes.map(({ method, url, operation, open, anyCaller }) => {
      const mark = open ? 'everybody' : anyCaller ? 'any caller' : operation;
      return `${method} ${url.replace(/^.*\/:business/, '…')} ${String(mark)}`;
    });
    expect(marks.sort()).toEqual(
      [
        'GET /docs everybody',
        'GET /docs/:file everybody',
        'GET /openapi.json everybody',
        'HEAD /docs everybody',
        'HEAD /docs/:file everybody',
        'HEAD /openapi.json everybody',
        'GET /livez everybody',
        'GET /metrics everybody',
        'GET /readyz everybody',
        'HEAD /livez everybody',
        'HEAD /metrics everybody',
        'HEAD /readyz everybody',
        'GET /permissions any caller',
        'HEAD /permissions any caller',
        'POST /v1.0/$batch any caller',
        'POST …/customers createCustomer',
        'GET …/customers listCustomers',
        'HEAD …/customers listCustomers',
        'GET …/customers/$count countCustomers',
        'HEAD …/customers/$count countCustomers',
        'GET …/customers/:customer getCustomer',
        'HEAD …/customers/:customer getCustomer',
        'PATCH …/customers/:customer updateCustomer',
        'DELETE …/customers/:customer deleteCustomer',
      ].sort(),
    );
  });
});
