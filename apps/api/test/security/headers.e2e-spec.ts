import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, Stack, customersPath } from '../stack.ts';
import { BUSINESSES, createLines, errorIn, send, statuses } from './raw-caller.ts';

const PATH = `${BUSINESSES}/${BUSINESS}/customers`;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ GRAPH_DEADLINE_MS: '1000' });
});
afterAll(async () => {
  await stack.stop();
});
beforeEach(() => {
  stack.fake.forget();
});

/** Line ends and what some readers take for them. */
const ENDS = [
  '\r\nInjected: x',
  '\nInjected: x',
  '\rInjected: x',
  '\0Injected: x',
  '\u010dInjected: x',
];
/** Headers whose text is in an answer, and what was in the place of a good one. */
const ECHOED = ['client-request-id', 'Host', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Prefer'];

describe.each(ECHOED)('the header %s', (name) => {
  it.each(ENDS)('puts no line of its own into an answer: %j', async (end) => {
    const lines = await createLines(stack, PATH, `${name}: a${end}`, 'Connection: close');
    const used = name === 'Host' ? lines.filter((line) => line !== 'Host: x') : lines;
    const answer = await send(stack.url, ...used);
    expect(statuses(answer)).toHaveLength(1);
    expect(answer.split('\r\n\r\n')[0]).not.toContain('Injected');
  });

  it.each([
    '%0d%0aInjected: x',
    '\\r\\nInjected: x',
    'x"><script>',
    'evil.example/#',
    'a@b',
    '\u00ff',
  ])('is not echoed when it is not what it should be: %j', async (value) => {
    const lines = await createLines(stack, PATH, `${name}: ${value}`, 'Connection: close');
    const used = name === 'Host' ? lines.filter((line) => line !== 'Host: x') : lines;
    const answer = await send(stack.url, ...used);
    expect(answer).not.toContain(value);
    expect(statuses(answer)).toEqual([name === 'Host' ? 400 : 201]);
  });
});

describe('what Graph answers', () => {
  it.each<[string, string]>([
    ['ETag', 'W/"\u00e9\u00ff"'],
    ['Preference-Applied', 'x\ty'],
    ['request-id', '\u00ff'],
    ['Retry-After', '1; x'],
    ['Content-Type', 'application/json; x="\u00e9"'],
  ])('can hold in %s whatever a header can', async (name, value) => {
    for (const status of [200, 429, 500]) {
      const error = { code: 'x', message: 'y' };
      const body = status === 200 ? { value: [] } : { error };
      const headers = { [name]: value };
      stack.fake.script([{ kind: 'status', status, headers, body, times: 9 }]);
      const answer = await stack.ask('GET', customersPath());
      expect(answer.status).toBe(status);
    }
  });

  it('brings none of its cookies, servers and connections along', async () => {
    const headers = {
      'Set-Cookie': 'a=b',
      Server: 'Microsoft-IIS',
      'X-Powered-By': 'x',
      Trailer: 'x',
      'Proxy-Authenticate': 'Basic',
      'Access-Control-Allow-Origin': '*',
      Location: 'https://evil.example',
      'Alt-Svc': 'h3=":443"',
      'Strict-Transport-Security': 'max-age=0',
    };
    stack.fake.script([{ kind: 'status', status: 201, headers, body: { id: 'x' } }]);
    const answer = await stack.create();
    expect(answer.status).toBe(201);
    for (const name of Object.keys(headers)) {
      if (name !== 'Location') expect([name, answer.headers.get(name)]).toEqual([name, null]);
    }
    expect(answer.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\.0\//);
  });
});

describe('an answer', () => {
  it.each(['POST', 'GET', 'PUT'])('is for nobody to keep: %s', async (method) => {
    const answer = await stack.create({ method });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('lets no page of another origin read it', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await stack.create({ method, headers });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('of an error is not more than it says, and no stack', async () => {
    stack.fake.script([{ kind: 'status', status: 500, body: 'x' }]);
    const { text } = await stack.create();
    expect(text).not.toMatch(/\bat \w|node_modules|\.ts\b|\.js\b/);
  });
});

describe('what the caller sends', () => {
  it('reaches Graph in none but the headers that it may have', async () => {
    const headers = {
      cookie: 'a=b',
      'x-forwarded-for': '1.2.3.4',
      forwarded: 'for=1.2.3.4',
      'x-ms-client-principal': 'admin',
      'x-original-url': '/users',
      'x-rewrite-url': '/users',
      'x-anchormailbox': 'victim@contoso.com',
      'x-real-ip': '1.2.3.4',
      origin: 'https://evil.example',
      range: 'bytes=0-1',
    };
    await stack.create({ headers });
    const [seen] = stack.fake.requests().requests;
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
      'accept',
      'authorization',
      'client-request-id',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
    expect(seen?.headers['host']).toBe(new URL(stack.fake.url).host);
  });
});

describe('the number of headers', () => {
  const fields = (count: number) => Array.from({ length: count }, () => 'a: b');

  it.each([98, 2000])('is limited: %i more than those that are needed', async (count) => {
    const lines = await createLines(stack, PATH, ...fields(count), 'Connection: close');
    const answer = await send(stack.url, ...lines);
    expect(statuses(answer)).toEqual([431]);
    expect(errorIn(answer)).toMatchObject({
      code: 'RequestHeaderFieldsTooLarge',
      innerError: { origin: 'proxy' },
    });
    expect(stack.seen).toBe(0);
  });

  it('may be a hundred', async () => {
    const lines = await createLines(stack, PATH, ...fields(95), 'Connection: close');
    expect(statuses(await send(stack.url, ...lines))).toEqual([201]);
  });

  it('is limited before a token is looked at, so that none is hidden behind it', async () => {
    const lines = [
      'GET /v1.0/$batch HTTP/1.1',
      'Host: x',
      ...fields(2001),
      'Authorization: Bearer x',
    ];
    expect(statuses(await send(stack.url, ...lines, 'Connection: close', '', ''))).toEqual([431]);
  });
});
