import { describe, expect, it } from '@jest/globals';
import type { BookingsClient, RequestOptions } from './index.ts';
import {
  JONI,
  respondWith,
  client,
  created,
  errorOf,
  lost,
  service,
  stopServices,
  truncated,
} from './service.fixture.ts';

/** A create without a key, which is sent once. */
const once = (bookings: BookingsClient, options: RequestOptions = {}) =>
  bookings.createCustomer('b', JONI, { ...options, idempotencyKey: null });

const graphError = (code: string, more: Record<string, unknown> = {}) => ({
  error: { code, message: 'said why', innerError: { 'request-id': 'r-1' }, ...more },
});

describe('an error response to a create without a key', () => {
  const unknown = 'unknown' as const;
  it.each([
    [
      'a refusal',
      respondWith(404, graphError('ErrorFolderNotFound')),
      {
        status: 404,
        code: 'ErrorFolderNotFound',
        message: 'said why',
        requestId: 'r-1',
        outcome: undefined,
        details: [],
      },
    ],
    [
      'an empty code',
      respondWith(500, graphError('')),
      { status: 500, code: '', outcome: unknown },
    ],
    [
      'an error without a message',
      respondWith(500, graphError('UnknownError', { message: '' })),
      { message: 'The Bookings API answered 500.' },
    ],
    [
      'details',
      respondWith(
        400,
        graphError('BadRequest', {
          details: [{ code: 'x', message: 'y', target: 'z' }, 7, { code: 'x' }],
        }),
      ),
      { details: [{ code: 'x', message: 'y', target: 'z' }] },
    ],
    [
      'a detail whose target is null, as Graph may send it',
      respondWith(
        400,
        graphError('BadRequest', { details: [{ code: 'x', message: 'y', target: null }] }),
      ),
      { details: [expect.not.objectContaining({ target: null })] },
    ],
    [
      'an outcome',
      respondWith(502, graphError('BadGateway', { innerError: { outcome: 'not-sent' } })),
      { outcome: 'not-sent' },
    ],
    [
      'an outcome that is none',
      respondWith(502, graphError('BadGateway', { innerError: { outcome: 'maybe' } })),
      { outcome: unknown },
    ],
    [
      'a web page of a gateway',
      respondWith(502, '<html>', { 'request-id': 'r-2' }),
      { status: 502, code: 'UnknownError', requestId: 'r-2', outcome: unknown },
    ],
    [
      'a web page as a refusal',
      respondWith(404, '<html>'),
      { status: 404, code: 'UnknownError', outcome: undefined },
    ],
    [
      'a key in use',
      respondWith(409, graphError('IdempotencyKeyInUse'), { 'Retry-After': '1' }),
      { status: 409, retryAfterSeconds: 1, outcome: unknown },
    ],
    [
      'a key of another customer',
      respondWith(422, graphError('IdempotencyKeyReused')),
      { status: 422, outcome: undefined },
    ],
    ['a timeout of a gateway', respondWith(408, ''), { status: 408, outcome: unknown }],
    [
      'seconds to wait',
      respondWith(429, graphError('TooManyRequests'), { 'Retry-After': '7' }),
      { retryAfterSeconds: 7 },
    ],
    [
      'a past date to wait for',
      respondWith(503, '', { 'Retry-After': 'Tue, 18 Aug 2020 12:51:51 GMT' }),
      { retryAfterSeconds: 0 },
    ],
    [
      'an invalid Retry-After',
      respondWith(429, '', { 'Retry-After': 'soon' }),
      { retryAfterSeconds: undefined },
    ],
    ['200', respondWith(200, { id: 'x' }), { status: 200, code: 'UnknownError', outcome: unknown }],
    ['201 without an id', respondWith(201, JONI), { status: 201, outcome: unknown }],
    ['201 without JSON', respondWith(201, '{"id":'), { status: 201, outcome: unknown }],
  ])('is thrown with its details: %s', async (_title, handler, expected) => {
    const { url, seen } = await service(handler);
    const error = await errorOf(once(client(url)));
    expect(error).toMatchObject({ name: 'BookingsApiError', ...expected });
    expect(error.idempotencyKey).toBeUndefined();
    expect(error.clientRequestId).toBe(seen[0]?.headers['client-request-id']);
    expect(seen).toHaveLength(1);
  });

  it.each([301, 307, 308])('%i is not followed', async (status) => {
    const elsewhere = await service(created);
    const { url } = await service(respondWith(status, '', { Location: elsewhere.url }));
    const error = await errorOf(once(client(url)));
    expect(error).toMatchObject({ code: 'UnknownError', outcome: 'unknown' });
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('a create without a key and without a response', () => {
  it('has an unknown outcome and is not retried', async () => {
    const { url, seen } = await service(lost);
    const error = await errorOf(once(client(url)));
    expect(error).toMatchObject({
      status: undefined,
      code: 'ConnectionFailed',
      outcome: 'unknown',
      clientRequestId: seen[0]?.headers['client-request-id'],
      cause: { name: 'TypeError' },
    });
    expect(seen).toHaveLength(1);
  });

  it('has an unknown outcome if the response is truncated', async () => {
    const { url } = await service(truncated);
    const error = await errorOf(once(client(url)));
    expect(error).toMatchObject({ code: 'ConnectionFailed', outcome: 'unknown' });
  });

  it('has an unknown outcome on a reused connection and is not retried', async () => {
    let first = true;
    const { url, seen } = await service((request, response) => {
      if (first) created(request, response);
      else response.destroy();
      first = false;
    });
    const kept = client(url);
    await once(kept);
    expect(await errorOf(once(kept))).toMatchObject({
      outcome: 'unknown',
    });
    expect(seen).toHaveLength(2);
  });

  it('is not sent if the connection is refused', async () => {
    const { url } = await service(created);
    stopServices();
    const error = await errorOf(once(client(url)));
    expect(error).toMatchObject({
      code: 'ConnectionFailed',
      message: 'The Bookings API did not answer: the connection failed (ECONNREFUSED).',
      outcome: 'not-sent',
    });
  });

  it('says why the connection was lost', async () => {
    const { url } = await service(lost);
    expect((await errorOf(once(client(url)))).message).toMatch(
      /^The Bookings API did not answer: the connection failed \((?:UND_ERR_SOCKET|ECONNRESET)\)\.$/,
    );
  });

  it('says only that the connection failed where fetch gives no code', async () => {
    // fetch refuses the ports of other protocols.
    expect((await errorOf(once(client('http://127.0.0.1:1')))).message).toBe(
      'The Bookings API did not answer: the connection failed.',
    );
  });

  it('throws the reason of the signal if the caller aborts it', async () => {
    const giveUp = new AbortController();
    const reason = new Error('enough');
    const { url } = await service(() => {
      giveUp.abort(reason);
    });
    const { signal } = giveUp;
    await expect(once(client(url), { signal })).rejects.toBe(reason);
  });

  it('is not sent if the signal was aborted before', async () => {
    const { url, seen } = await service(created);
    let asked = 0;
    const getToken = () => Promise.resolve(`token${(asked += 1)}`);
    const signal = AbortSignal.abort();
    const creating = once(client(url, { getToken }), { signal });
    await expect(creating).rejects.toMatchObject({ name: 'AbortError' });
    expect([asked, seen]).toEqual([0, []]);
  });
});
