import { describe, expect, it } from '@jest/globals';
import {
  JONI,
  answers,
  client,
  created,
  errorOf,
  service,
  stopServices,
} from './service.fixture.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';

describe('a create', () => {
  it('is one POST with the token, an id of its own and the customer as it was given', async () => {
    const { url, seen } = await service(created);
    const customer = { ...JONI, phones: [{ number: '206-555-0100', type: 'home' as const }] };
    expect(await client(url).createCustomer(BUSINESS, customer)).toEqual({
      id: 'AAQk+/=',
      ...JONI,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: 'Bearer token',
        'content-type': 'application/json',
        'client-request-id': expect.stringMatching(UUID),
      },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(customer);
  });

  it.each([
    ['a@b.com', 'a%40b.com'],
    ["o'brien/sales?x=1#y", "o'brien%2Fsales%3Fx%3D1%23y"],
    ['AAQk+/==', 'AAQk%2B%2F%3D%3D'],
    ['Zürich %41', 'Z%C3%BCrich%20%2541'],
  ])('goes to the business %s as one segment', async (business, segment) => {
    const { url, seen } = await service(created);
    await client(url).createCustomer(business, JONI);
    expect(seen[0]?.url).toBe(`/v1.0/solutions/bookingBusinesses/${segment}/customers`);
  });

  it.each(['', '/', '/v1.0', '/v1.0/', '/bookings', '/bookings/v1.0'])(
    'takes a base URL that ends in "%s"',
    async (ending) => {
      const { url, seen } = await service(created);
      await client(url + ending).createCustomer('x', JONI);
      const prefix = ending.startsWith('/bookings') ? '/bookings' : '';
      expect(seen[0]?.url).toBe(`${prefix}/v1.0/solutions/bookingBusinesses/x/customers`);
    },
  );

  it('asks for a token each time', async () => {
    const { url, seen } = await service(created);
    let count = 0;
    const patient = client(url, { getToken: () => Promise.resolve(`token-${(count += 1)}`) });
    await patient.createCustomer('x', JONI);
    await patient.createCustomer('x', JONI);
    const ids = new Set(seen.map(({ headers }) => headers['client-request-id']));
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(ids.size).toBe(2);
  });

  it.each(['', '.', '..', 'a\ud800'])('to the business "%s" is not sent', async (business) => {
    const { url, seen } = await service(created);
    await expect(client(url).createCustomer(business, JONI)).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });

  it.each(['', 'to ken', 'token\r\nX: y', 'Bearer token'])(
    'with the token %j is not sent, and the token is in no message',
    async (token) => {
      const { url, seen } = await service(created);
      const creating = client(url, { getToken: () => token }).createCustomer('x', JONI);
      await expect(creating).rejects.toThrow(new TypeError('getToken must give a bearer token'));
      expect(seen).toEqual([]);
    },
  );

  it('is not sent when no token can be had', async () => {
    const { url, seen } = await service(created);
    const reason = new Error('no token today');
    const getToken = () => Promise.reject(reason);
    await expect(client(url, { getToken }).createCustomer('x', JONI)).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });
});

describe('a base URL', () => {
  it.each([
    'bookings.contoso.com',
    '/v1.0',
    'ftp://bookings.contoso.com',
    'https://user:password@bookings.contoso.com',
    'https://bookings.contoso.com?x=1',
    'https://bookings.contoso.com#x',
    'http://bookings.contoso.com',
    'http://localhost.contoso.com',
  ])('%s is refused at once', (baseUrl) => {
    expect(() => client(baseUrl)).toThrow(TypeError);
  });

  it.each(['https://bookings.contoso.com', 'http://localhost:3000', 'http://[::1]:3000'])(
    '%s is accepted',
    (baseUrl) => {
      expect(() => client(baseUrl)).not.toThrow();
    },
  );

  it('may be plain http elsewhere when that is permitted', () => {
    const insecure = { allowInsecureConnection: true };
    expect(() => client('http://bookings.contoso.com', insecure)).not.toThrow();
  });
});

const graphError = (code: string, more: Record<string, unknown> = {}) => ({
  error: { code, message: 'said why', innerError: { 'request-id': 'r-1' }, ...more },
});

describe('an answer that is no customer', () => {
  const unknown = 'unknown' as const;
  it.each([
    [
      'a refusal',
      answers(404, graphError('ErrorFolderNotFound')),
      {
        status: 404,
        code: 'ErrorFolderNotFound',
        message: 'said why',
        requestId: 'r-1',
        outcome: undefined,
        details: [],
      },
    ],
    ['an empty code', answers(500, graphError('')), { status: 500, code: '', outcome: unknown }],
    [
      'an error without a message',
      answers(500, graphError('UnknownError', { message: '' })),
      { message: 'The Bookings API answered 500.' },
    ],
    [
      'details',
      answers(
        400,
        graphError('BadRequest', {
          details: [{ code: 'x', message: 'y', target: 'z' }, 7, { code: 'x' }],
        }),
      ),
      { details: [{ code: 'x', message: 'y', target: 'z' }] },
    ],
    [
      'an outcome',
      answers(502, graphError('BadGateway', { innerError: { outcome: 'not-sent' } })),
      { outcome: 'not-sent' },
    ],
    [
      'an outcome that is none',
      answers(502, graphError('BadGateway', { innerError: { outcome: 'maybe' } })),
      { outcome: unknown },
    ],
    [
      'a web page of a gateway',
      answers(502, '<html>', { 'request-id': 'r-2' }),
      { status: 502, code: 'UnknownError', requestId: 'r-2', outcome: unknown },
    ],
    [
      'a web page as a refusal',
      answers(404, '<html>'),
      { status: 404, code: 'UnknownError', outcome: undefined },
    ],
    ['a timeout of a gateway', answers(408, ''), { status: 408, outcome: unknown }],
    [
      'seconds to wait',
      answers(429, graphError('TooManyRequests'), { 'Retry-After': '7' }),
      { retryAfterSeconds: 7 },
    ],
    [
      'a past date to wait for',
      answers(503, '', { 'Retry-After': 'Tue, 18 Aug 2020 12:51:51 GMT' }),
      { retryAfterSeconds: 0 },
    ],
    [
      'a wait that nobody can read',
      answers(429, '', { 'Retry-After': 'soon' }),
      { retryAfterSeconds: undefined },
    ],
    ['200', answers(200, { id: 'x' }), { status: 200, code: 'UnknownError', outcome: unknown }],
    ['201 without an id', answers(201, JONI), { status: 201, outcome: unknown }],
    ['201 without JSON', answers(201, '{"id":'), { status: 201, outcome: unknown }],
  ])('%s is thrown with all that it says', async (_title, answer, expected) => {
    const { url, seen } = await service(answer);
    const error = await errorOf(client(url).createCustomer(BUSINESS, JONI));
    expect(error).toMatchObject({ name: 'BookingsApiError', ...expected });
    expect(error.clientRequestId).toBe(seen[0]?.headers['client-request-id']);
    expect(seen).toHaveLength(1);
  });

  it.each([301, 307, 308])('%i is not followed', async (status) => {
    const elsewhere = await service(created);
    const { url } = await service(answers(status, '', { Location: elsewhere.url }));
    const error = await errorOf(client(url).createCustomer(BUSINESS, JONI));
    expect(error).toMatchObject({ code: 'UnknownError', outcome: 'unknown' });
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('no answer', () => {
  it('leaves the outcome unknown, and the create is not sent again', async () => {
    const { url, seen } = await service((_request, response) => response.destroy());
    const error = await errorOf(client(url).createCustomer(BUSINESS, JONI));
    expect(error).toMatchObject({
      status: undefined,
      code: 'ConnectionFailed',
      outcome: 'unknown',
      clientRequestId: seen[0]?.headers['client-request-id'],
      cause: { name: 'TypeError' },
    });
    expect(seen).toHaveLength(1);
  });

  it('that ends in the middle leaves the outcome unknown', async () => {
    const { url } = await service((_request, response) => {
      response.writeHead(201, { 'Content-Length': '1000' });
      response.write('{"id":"x"', () => response.destroy());
    });
    const error = await errorOf(client(url).createCustomer(BUSINESS, JONI));
    expect(error).toMatchObject({ code: 'ConnectionFailed', outcome: 'unknown' });
  });

  it('on a lost connection of before leaves the outcome unknown, and nothing is sent again', async () => {
    let first = true;
    const { url, seen } = await service((request, response) => {
      if (first) created(request, response);
      else response.destroy();
      first = false;
    });
    const kept = client(url);
    await kept.createCustomer(BUSINESS, JONI);
    expect(await errorOf(kept.createCustomer(BUSINESS, JONI))).toMatchObject({
      outcome: 'unknown',
    });
    expect(seen).toHaveLength(2);
  });

  it('because nobody listens says that nothing was sent', async () => {
    const { url } = await service(created);
    stopServices();
    const error = await errorOf(client(url).createCustomer(BUSINESS, JONI));
    expect(error).toMatchObject({ code: 'ConnectionFailed', outcome: 'not-sent' });
  });

  it('because the caller gave up throws the reason of the signal', async () => {
    const giveUp = new AbortController();
    const reason = new Error('enough');
    const { url } = await service(() => {
      giveUp.abort(reason);
    });
    const { signal } = giveUp;
    await expect(client(url).createCustomer(BUSINESS, JONI, { signal })).rejects.toBe(reason);
  });

  it('to a caller that gave up before is not even asked for', async () => {
    const { url, seen } = await service(created);
    let asked = 0;
    const getToken = () => `token${(asked += 1)}`;
    const signal = AbortSignal.abort();
    const creating = client(url, { getToken }).createCustomer(BUSINESS, JONI, { signal });
    await expect(creating).rejects.toMatchObject({ name: 'AbortError' });
    expect([asked, seen]).toEqual([0, []]);
  });
});
