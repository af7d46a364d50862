import { describe, expect, it } from '@jest/globals';
import { JONI, client, created, errorOf, respondWith, service } from './service.fixture.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';

describe('a create', () => {
  it('is one POST with the token, a client-request-id and the customer', async () => {
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
    ["o'brien/sales?x=1#y", 'o%27brien%2Fsales%3Fx%3D1%23y'],
    ['a!b*c(d)', 'a%21b%2Ac%28d%29'],
    ['AAQk+/==', 'AAQk%2B%2F%3D%3D'],
    ['Zürich %41', 'Z%C3%BCrich%20%2541'],
  ])('goes to the business %s as one segment', async (business, segment) => {
    const { url, seen } = await service(created);
    await client(url).createCustomer(business, JONI);
    expect(seen[0]?.url).toBe(`/v1.0/solutions/bookingBusinesses/${segment}/customers`);
  });

  it.each(['', '/', '/v1.0', '/v1.0/', '/bookings', '/bookings/v1.0'])(
    'accepts a base URL that ends in "%s"',
    async (ending) => {
      const { url, seen } = await service(created);
      await client(url + ending).createCustomer('x', JONI);
      const prefix = ending.startsWith('/bookings') ? '/bookings' : '';
      expect(seen[0]?.url).toBe(`${prefix}/v1.0/solutions/bookingBusinesses/x/customers`);
    },
  );

  it('gets a token for each request', async () => {
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

  it.each([
    ['', /^getToken must return a token without spaces/],
    ['s3cret s3cret', /^getToken must return a token without spaces/],
    ['s3cret\r\nX: y', /^getToken must return a token without spaces/],
    ['Bearer s3cret', /^getToken must return the token alone, without "Bearer"/],
    ['bearer  s3cret', /^getToken must return the token alone, without "Bearer"/],
    ['Authorization: Bearer s3cret', /^getToken must return the token alone, without "Bearer"/],
  ])('with the token %j is not sent', async (token, message) => {
    const { url, seen } = await service(created);
    const getToken = () => Promise.resolve(token);
    const error: unknown = await client(url, { getToken })
      .createCustomer('x', JONI)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('s3cret');
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(seen).toEqual([]);
  });

  it('is not sent if getToken returns the object of a credential', async () => {
    const { url, seen } = await service(created);
    const returned = { token: 's3cret', expiresOnTimestamp: 0 };
    // @ts-expect-error: callers in JavaScript are not type-checked.
    const creating = client(url, { getToken: () => Promise.resolve(returned) }).createCustomer(
      'x',
      JONI,
    );
    await expect(creating).rejects.toThrow(/^getToken must return the token as a string/);
    expect(seen).toEqual([]);
  });

  it('is not sent if getToken rejects', async () => {
    const { url, seen } = await service(created);
    const reason = new Error('no token today');
    const getToken = () => Promise.reject(reason);
    await expect(client(url, { getToken }).createCustomer('x', JONI)).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });
});

describe('a body', () => {
  const LIMIT = 16 * 1024 * 1024;
  const entity = JSON.stringify({ id: 'AAQk+/=', ...JONI });
  const tooLarge = entity.padEnd(LIMIT + 1);

  it('of 16 MiB is read', async () => {
    const { url } = await service(respondWith(200, entity.padEnd(LIMIT)));
    expect(await client(url).getCustomer('x', 'y')).toMatchObject({ id: 'AAQk+/=' });
  });

  it('of more is no answer to a read', async () => {
    const { url } = await service(respondWith(200, tooLarge, { 'request-id': 'r' }));
    expect(await errorOf(client(url).getCustomer('x', 'y'))).toMatchObject({
      message: 'The Bookings API answered 200 without a body of at most 16 MiB.',
      ...{ status: 200, code: 'UnknownError', requestId: 'r', outcome: undefined },
    });
  });

  it('of more leaves the outcome of a write unknown', async () => {
    const { url } = await service((request, response) => {
      respondWith(request.method === 'POST' ? 201 : 200, tooLarge)(request, response);
    });
    const calls = [
      client(url).createCustomer('x', JONI, { idempotencyKey: null }),
      client(url).updateCustomer('x', 'y', JONI),
    ];
    for (const error of await Promise.all(calls.map(errorOf))) {
      expect(error).toMatchObject({
        message: expect.stringMatching(/ without a body of at most 16 MiB\.$/),
        ...{ code: 'UnknownError', outcome: 'unknown' },
      });
    }
  });

  it.each([
    [400, undefined],
    [503, 'unknown'],
  ])('of more, with %i, says what the status says', async (status, outcome) => {
    const { url } = await service(respondWith(status, tooLarge));
    expect(await errorOf(client(url).updateCustomer('x', 'y', JONI))).toMatchObject({
      message: `The Bookings API answered ${status}.`,
      ...{ status, code: 'UnknownError', outcome },
    });
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
  ])('%s is refused', (baseUrl) => {
    expect(() => client(baseUrl)).toThrow(TypeError);
  });

  it.each(['https://bookings.contoso.com', 'http://localhost:3000', 'http://[::1]:3000'])(
    '%s is accepted',
    (baseUrl) => {
      expect(() => client(baseUrl)).not.toThrow();
    },
  );

  it('may be plain http for another host with allowInsecureConnection', () => {
    const insecure = { allowInsecureConnection: true };
    expect(() => client('http://bookings.contoso.com', insecure)).not.toThrow();
  });
});
