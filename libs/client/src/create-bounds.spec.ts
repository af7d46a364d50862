import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { CreateOptions } from './index.ts';
import {
  type Handler,
  JONI,
  respondWith,
  client,
  created,
  errorOf,
  inTurn,
  keysOf,
  lost,
  service,
  stopServices,
} from './service.fixture.ts';

const code = (name: string) => ({ error: { code: name, message: `${name}.` } });
const inUse = (seconds: string): Handler =>
  respondWith(409, code('IdempotencyKeyInUse'), { 'Retry-After': seconds });
const silent: Handler = () => undefined;

describe('a create with an Idempotency-Key', () => {
  it('is sent at most maxAttempts times', async () => {
    const { url, seen } = await service(inUse('0'));
    const creating = client(url).createCustomer('b', JONI, { maxAttempts: 3 });
    expect(await errorOf(creating)).toMatchObject({ status: 409, outcome: 'unknown' });
    expect(seen).toHaveLength(3);
    expect(new Set(keysOf(seen)).size).toBe(1);
  });

  it('is sent at most 30 times by default', async () => {
    const { url, seen } = await service(inUse('0'));
    await errorOf(client(url).createCustomer('b', JONI));
    expect(seen).toHaveLength(30);
  });

  it.each([
    ['60 s', {}, 61],
    ['deadlineMs', { deadlineMs: 900 }, 1],
  ])('does not wait beyond its deadline: %s', async (_title, options, seconds) => {
    const { url, seen } = await service(inUse(String(seconds)));
    const creating = client(url).createCustomer('b', JONI, options);
    expect(await errorOf(creating)).toMatchObject({ status: 409, retryAfterSeconds: seconds });
    expect(seen).toHaveLength(1);
  });

  it.each<CreateOptions>([{}, { idempotencyKey: null }])(
    'or without one ends at its deadline without a response: %j',
    async (options) => {
      const { url, seen } = await service(silent);
      const creating = client(url).createCustomer('b', JONI, { ...options, deadlineMs: 2000 });
      const error = await errorOf(creating);
      expect(error).toMatchObject({
        status: undefined,
        code: 'DeadlineExceeded',
        message: 'The Bookings API did not answer within 2000 ms.',
        outcome: 'unknown',
        clientRequestId: seen[0]?.headers['client-request-id'],
      });
      expect(error.idempotencyKey).toBe(seen[0]?.headers['idempotency-key']);
      expect(seen).toHaveLength(1);
    },
  );

  it('ends at its deadline as not sent if there is no token', async () => {
    const { url, seen } = await service(created);
    const getToken = () => new Promise<string>(() => undefined);
    const creating = client(url, { getToken }).createCustomer('b', JONI, { deadlineMs: 100 });
    expect(await errorOf(creating)).toMatchObject({
      code: 'DeadlineExceeded',
      outcome: 'not-sent',
    });
    expect(seen).toEqual([]);
  });

  it('ends with the last error and an unknown outcome if the deadline aborts a retry', async () => {
    const notSent = { error: { ...code('BadGateway').error, innerError: { outcome: 'not-sent' } } };
    const first = respondWith(502, notSent, { 'Retry-After': '0' });
    const { url, seen } = await service(inTurn(first, silent));
    const creating = client(url).createCustomer('b', JONI, { deadlineMs: 1000 });
    expect(await errorOf(creating)).toMatchObject({
      status: 502,
      code: 'BadGateway',
      outcome: 'unknown',
    });
    expect(seen).toHaveLength(2);
  });

  it('is not sent if the connection is refused', async () => {
    const { url } = await service(created);
    stopServices();
    const creating = client(url).createCustomer('b', JONI, { maxAttempts: 2 });
    expect(await errorOf(creating)).toMatchObject({
      code: 'ConnectionFailed',
      outcome: 'not-sent',
    });
  });

  it('ends with the outcome of the lost attempt if there is no token for a retry', async () => {
    const { url, seen } = await service(lost);
    const reason = new Error('no token today');
    const tokens = ['token'];
    const getToken = () => {
      const token = tokens.shift();
      return token === undefined ? Promise.reject(reason) : Promise.resolve(token);
    };
    const error = await errorOf(client(url, { getToken }).createCustomer('b', JONI));
    expect(error).toMatchObject({ code: 'ConnectionFailed', outcome: 'unknown', cause: reason });
    expect(error.idempotencyKey).toBe(seen[0]?.headers['idempotency-key']);
    expect(seen).toHaveLength(1);
  });
});

describe('an abort by the caller', () => {
  it('ends a waiting create with the reason of the signal', async () => {
    const giveUp = new AbortController();
    const reason = new Error('enough');
    const { url, seen } = await service((request, response) => {
      response.once('close', () => {
        giveUp.abort(reason);
      });
      inUse('50')(request, response);
    });
    const { signal } = giveUp;
    await expect(client(url).createCustomer('b', JONI, { signal })).rejects.toBe(reason);
    expect(seen).toHaveLength(1);
  });

  it('ends a retry in progress with the reason of the signal', async () => {
    const giveUp = new AbortController();
    const reason = new Error('enough');
    const abort: Handler = () => {
      giveUp.abort(reason);
    };
    const { url, seen } = await service(inTurn(inUse('0'), abort));
    const { signal } = giveUp;
    await expect(client(url).createCustomer('b', JONI, { signal })).rejects.toBe(reason);
    expect(seen).toHaveLength(2);
  });

  it('leaves no listener behind, and neither does a call without it', async () => {
    const { signal } = new AbortController();
    const { url } = await service(inTurn(inUse('0'), created));
    await client(url).createCustomer('b', JONI, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('does not wait for a token', async () => {
    const giveUp = new AbortController();
    const { url, seen } = await service(created);
    const getToken = () => {
      giveUp.abort();
      return new Promise<string>(() => undefined);
    };
    const { signal } = giveUp;
    const creating = client(url, { getToken }).createCustomer('b', JONI, { signal });
    await expect(creating).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([]);
  });
});
