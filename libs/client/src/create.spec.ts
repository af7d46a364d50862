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
  truncated,
} from './service.fixture.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOW = { 'Retry-After': '0' };
const error = (code: string, more: Record<string, unknown> = {}) => ({
  error: { code, message: `${code}.`, ...more },
});
const inUse = respondWith(409, error('IdempotencyKeyInUse'), NOW);
const notSent = respondWith(
  503,
  error('ServiceUnavailable', { innerError: { outcome: 'not-sent' } }),
  NOW,
);
const accessDenied = respondWith(403, error('Authorization_RequestDenied'));

/** Creates a customer at a service that uses the handlers one after the other. */
async function creating(handlers: readonly Handler[], options: CreateOptions = {}) {
  const { url, seen } = await service(inTurn(...handlers));
  const report = client(url).createCustomerWithReport('b', JONI, options);
  return { report, seen };
}

describe('the key of a create', () => {
  it('is generated for each call', async () => {
    const { url, seen } = await service(created);
    await client(url).createCustomer('b', JONI);
    await client(url).createCustomer('b', JONI);
    const keys = keysOf(seen);
    expect(keys).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
    expect(new Set(keys).size).toBe(2);
  });

  it.each([
    ['order-1762', 'order-1762'],
    ['!', '!'],
    ['a"b\\c', 'a"b\\c'],
    ['a,b', '"a,b"'],
    ['"a\\b"', String.raw`"\"a\\b\""`],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])("is the caller's own where there is one: %s", async (idempotencyKey, sent) => {
    const { report, seen } = await creating([created], { idempotencyKey });
    expect(await report).toMatchObject({ idempotencyKey });
    expect(keysOf(seen)).toEqual([sent]);
  });

  it('is absent with null', async () => {
    const { report, seen } = await creating([created], { idempotencyKey: null });
    expect(await report).toHaveProperty('idempotencyKey', undefined);
    expect(keysOf(seen)).toEqual([undefined]);
  });

  it.each<CreateOptions>([
    { idempotencyKey: '' },
    { idempotencyKey: 'a b' },
    { idempotencyKey: 'ä' },
    { idempotencyKey: 'a\r\nX: y' },
    { idempotencyKey: 'k'.repeat(256) },
    { maxAttempts: 0 },
    { maxAttempts: 1.5 },
    { maxAttempts: NaN },
    { deadlineMs: 0 },
    { deadlineMs: Infinity },
    { deadlineMs: 2 ** 31 },
  ])('and the limits must be valid: %j', async (options) => {
    const { report, seen } = await creating([created], options);
    const name = new RegExp(`^${String(Object.keys(options)[0])} must be`);
    await expect(report).rejects.toThrow(name);
    await expect(report).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });
});

describe('the report of a create', () => {
  it('has the replay and the warning', async () => {
    const headers = {
      'Idempotent-Replayed': 'true',
      'Bookings-Warning': 'display-name-not-stored',
    };
    const { report } = await creating([respondWith(201, { id: 'x', ...JONI }, headers)]);
    expect(await report).toEqual({
      customer: { id: 'x', ...JONI },
      idempotencyKey: expect.stringMatching(UUID),
      replayed: true,
      warning: 'display-name-not-stored',
    });
  });

  it('is not replayed for the first response', async () => {
    const { report } = await creating([created]);
    expect(await report).toMatchObject({ replayed: false, warning: undefined });
  });
});

describe('a create with an Idempotency-Key', () => {
  it.each<readonly [string, Handler]>([
    ['a lost connection', lost],
    ['a truncated response', truncated],
    ['a customer without an id', respondWith(201, JONI)],
    ['a key in use', inUse],
    ['too many requests', respondWith(429, error('TooManyRequests'), NOW)],
    ['a gateway without a reason', respondWith(502, '<html>')],
    ['an outcome not-sent', notSent],
    ['an unknown outcome', respondWith(504, error('GatewayTimeout'), NOW)],
  ])('is retried unchanged after %s', async (_title, handler) => {
    const { report, seen } = await creating([handler, created]);
    expect(await report).toMatchObject({ customer: { id: 'AAQk+/=' } });
    const [first, second] = seen;
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.headers['idempotency-key']).toMatch(UUID);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['client-request-id']).not.toBe(first?.headers['client-request-id']);
    expect(seen).toHaveLength(2);
  });

  it('is retried until it succeeds, with a token for each attempt', async () => {
    const { url, seen } = await service(inTurn(inUse, inUse, notSent, created));
    let count = 0;
    const getToken = () => Promise.resolve(`token-${(count += 1)}`);
    await client(url, { getToken }).createCustomer('b', JONI);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(
      [1, 2, 3, 4].map((n) => `Bearer token-${n}`),
    );
    expect(new Set(keysOf(seen)).size).toBe(1);
  });

  it('waits as long as Retry-After', async () => {
    const at: number[] = [];
    const timed = (handler: Handler): Handler => {
      return (request, response) => {
        at.push(performance.now());
        handler(request, response);
      };
    };
    const wait = respondWith(409, error('IdempotencyKeyInUse'), { 'Retry-After': '1' });
    const { report } = await creating([timed(wait), timed(created)]);
    await report;
    // A timer may fire a millisecond early.
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(990);
  });

  it.each([
    ['another body', respondWith(422, error('IdempotencyKeyReused'), NOW), 422],
    ['an invalid body', respondWith(400, error('BadRequest'), NOW), 400],
    ['a missing permission', accessDenied, 403],
    ['a failure without a reason', respondWith(500, error('UnknownError'), NOW), 500],
  ])('is not retried after %s', async (_title, handler, status) => {
    const { report, seen } = await creating([handler, created]);
    expect(await errorOf(report)).toMatchObject({ status });
    expect(seen).toHaveLength(1);
  });

  it('ends with the error of the last response and with its key', async () => {
    const last = respondWith(429, error('TooManyRequests'), { 'Retry-After': '3600' });
    const { report, seen } = await creating([notSent, last, created]);
    expect(await errorOf(report)).toMatchObject({
      status: 429,
      code: 'TooManyRequests',
      message: 'TooManyRequests.',
      retryAfterSeconds: 3600,
      outcome: undefined,
      idempotencyKey: seen[0]?.headers['idempotency-key'],
      clientRequestId: seen[1]?.headers['client-request-id'],
    });
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['a refusal', accessDenied, 403],
    [
      'an outcome not-sent',
      respondWith(500, error('x', { innerError: { outcome: 'not-sent' } })),
      500,
    ],
  ])('has an unknown outcome after a lost attempt and then %s', async (_title, handler, status) => {
    const { report } = await creating([lost, handler]);
    expect(await errorOf(report)).toMatchObject({ status, outcome: 'unknown' });
  });
});
