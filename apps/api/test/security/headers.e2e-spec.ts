import { describe, expect, it } from '@jest/globals';
import { customersPath } from '../documented.ts';
import { useStack } from '../stack.ts';
import { createLines, errorIn, send, statuses } from './raw-client.ts';

const PATH = customersPath();

const stack = useStack();

/** Line ends, and characters that some parsers treat as line ends. */
const ENDS = [
  '\r\nInjected: x',
  '\nInjected: x',
  '\rInjected: x',
  '\0Injected: x',
  '\u010dInjected: x',
];
/** Request headers whose values can be in a response. */
const ECHOED = ['client-request-id', 'Host', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Prefer'];

describe.each(ECHOED)('the request header %s', (name) => {
  it.each(ENDS)('cannot inject a response header: %j', async (end) => {
    const lines = await createLines(stack, PATH, `${name}: a${end}`, 'Connection: close');
    const used = name === 'Host' ? lines.filter((line) => line !== 'Host: x') : lines;
    const response = await send(stack.url, ...used);
    expect(statuses(response)).toHaveLength(1);
    expect(response.split('\r\n\r\n')[0]).not.toContain('Injected');
  });

  it.each([
    '%0d%0aInjected: x',
    '\\r\\nInjected: x',
    'x"><script>',
    'evil.example/#',
    'a@b',
    '\u00ff',
  ])('is not echoed when it is invalid: %j', async (value) => {
    const lines = await createLines(stack, PATH, `${name}: ${value}`, 'Connection: close');
    const used = name === 'Host' ? lines.filter((line) => line !== 'Host: x') : lines;
    const response = await send(stack.url, ...used);
    expect(response).not.toContain(value);
    expect(statuses(response)).toEqual([name === 'Host' ? 400 : 201]);
  });
});

describe('a response of Graph', () => {
  // A 429 is repeated until the deadline.
  const impatient = useStack({ GRAPH_DEADLINE_MS: '1000' });

  it.each<[string, string]>([
    ['ETag', 'W/"\u00e9\u00ff"'],
    ['Preference-Applied', 'x\ty'],
    ['request-id', '\u00ff'],
    ['Retry-After', '1; x'],
    ['Content-Type', 'application/json; x="\u00e9"'],
  ])('may have any valid value in %s', async (name, value) => {
    for (const status of [200, 429, 500]) {
      const error = { code: 'x', message: 'y' };
      const body = status === 200 ? { value: [] } : { error };
      const headers = { [name]: value };
      impatient.fake.script([{ kind: 'status', status, headers, body, times: 9 }]);
      const response = await impatient.request('GET', customersPath());
      expect(response.status).toBe(status);
    }
  });

  it('does not bring its own headers along', async () => {
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
    const response = await stack.create();
    expect(response.status).toBe(201);
    for (const name of Object.keys(headers)) {
      if (name !== 'Location') expect([name, response.headers.get(name)]).toEqual([name, null]);
    }
    expect(response.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\.0\//);
  });
});

describe('a response', () => {
  it.each(['POST', 'GET', 'PUT'])('must not be cached: %s', async (method) => {
    const response = await stack.create({ method });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('cannot be read by pages of another origin', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const method of ['GET', 'OPTIONS']) {
      const response = await stack.create({ method, headers });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('with an error contains no stack trace', async () => {
    stack.fake.script([{ kind: 'status', status: 500, body: 'x' }]);
    const { text } = await stack.create();
    expect(text).not.toMatch(/\bat \w|node_modules|\.ts\b|\.js\b/);
  });
});

describe('the headers of the caller', () => {
  it('are forwarded to Graph only if they are on the list', async () => {
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

  it.each([98, 2000])('is limited: %i additional headers are refused', async (count) => {
    const lines = await createLines(stack, PATH, ...fields(count), 'Connection: close');
    const response = await send(stack.url, ...lines);
    expect(statuses(response)).toEqual([431]);
    expect(errorIn(response)).toMatchObject({
      code: 'RequestHeaderFieldsTooLarge',
      innerError: { origin: 'proxy' },
    });
    expect(stack.graphRequests).toBe(0);
  });

  it('may be one hundred', async () => {
    const lines = await createLines(stack, PATH, ...fields(95), 'Connection: close');
    expect(statuses(await send(stack.url, ...lines))).toEqual([201]);
  });

  it('is checked before the token', async () => {
    const lines = [
      'GET /v1.0/$batch HTTP/1.1',
      'Host: x',
      ...fields(2001),
      'Authorization: Bearer x',
    ];
    expect(statuses(await send(stack.url, ...lines, 'Connection: close', '', ''))).toEqual([431]);
  });
});
