import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { CreateOptions } from './index.ts';
import {
  type Handler,
  JONI,
  answers,
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
  answers(409, code('IdempotencyKeyInUse'), { 'Retry-After': seconds });
const silent: Handler = () => undefined;

describe('a create under a key', () => {
  it('is sent so many times at most', async () => {
    const { url, seen } = await service(inUse('0'));
    const creating = client(url).createCustomer('b', JONI, { maxAttempts: 3 });
    expect(await errorOf(creating)).toMatchObject({ status: 409, outcome: 'unknown' });
    expect(seen).toHaveLength(3);
    expect(new Set(keysOf(seen)).size).toBe(1);
  });

  it('is sent 30 times at most where nobody says how many', async () => {
    const { url, seen } = await service(inUse('0'));
    await errorOf(client(url).createCustomer('b', JONI));
    expect(seen).toHaveLength(30);
  });

  it.each([
    ['60 s', {}, 61],
    ['what the caller says', { deadlineMs: 900 }, 1],
  ])('waits for nothing that is beyond its deadline: %s', async (_title, options, seconds) => {
    const { url, seen } = await service(inUse(String(seconds)));
    const creating = client(url).createCustomer('b', JONI, options);
    expect(await errorOf(creating)).toMatchObject({ status: 409, retryAfterSeconds: seconds });
    expect(seen).toHaveLength(1);
  });

  it.each<CreateOptions>([{}, { idempotencyKey: null }])(
    'or without ends with its deadline when no answer comes: %j',
    async (options) => {
      const { url, seen } = await service(silent);
      const creating = client(url).createCustomer('b', JONI, { ...options, deadlineMs: 300 });
      const error = await errorOf(creating);
      expect(error).toMatchObject({
        status: undefined,
        code: 'DeadlineExceeded',
        message: 'The Bookings API did not answer within 300 ms.',
        outcome: 'unknown',
        clientRequestId: seen[0]?.headers['client-request-id'],
      });
      expect(error.idempotencyKey).toBe(seen[0]?.headers['idempotency-key']);
      expect(seen).toHaveLength(1);
    },
  );

  it('ends with its deadline when no token comes, and was not sent', async () => {
    const { url, seen } = await service(created);
    const getToken = () => new Promise<string>(() => undefined);
    const creating = client(url, { getToken }).createCustomer('b', JONI, { deadlineMs: 100 });
    expect(await errorOf(creating)).toMatchObject({
      code: 'DeadlineExceeded',
      outcome: 'not-sent',
    });
    expect(seen).toEqual([]);
  });

  it('whose repetition is cut by the deadline ends with the last answer, unknown', async () => {
    const notSent = { error: { ...code('BadGateway').error, innerError: { outcome: 'not-sent' } } };
    const first = answers(502, notSent, { 'Retry-After': '0' });
    const { url, seen } = await service(inTurn(first, silent));
    const creating = client(url).createCustomer('b', JONI, { deadlineMs: 1000 });
    expect(await errorOf(creating)).toMatchObject({
      status: 502,
      code: 'BadGateway',
      outcome: 'unknown',
    });
    expect(seen).toHaveLength(2);
  });

  it('that nobody listens to was not sent', async () => {
    const { url } = await service(created);
    stopServices();
    const creating = client(url).createCustomer('b', JONI, { maxAttempts: 2 });
    expect(await errorOf(creating)).toMatchObject({
      code: 'ConnectionFailed',
      outcome: 'not-sent',
    });
  });

  it('that is lost, and has no token to be sent again, ends with what became of it', async () => {
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

describe('a caller who gives up', () => {
  it('while a create waits ends it with the reason of the signal', async () => {
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

  it('while a create is under way for the second time ends it with the reason', async () => {
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

  it('or not has no listener left at the end', async () => {
    const { signal } = new AbortController();
    const { url } = await service(inTurn(inUse('0'), created));
    await client(url).createCustomer('b', JONI, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('while a token is asked for does not wait for it', async () => {
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
