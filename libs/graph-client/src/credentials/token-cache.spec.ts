import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TokenCache, agesOf } from './token-cache.ts';

const HOUR_MS = 3_600_000;
let nowMs: number;
let cache: TokenCache;
beforeEach(() => {
  nowMs = 1000;
  cache = new TokenCache(() => nowMs);
});
afterEach(() => {
  cache.close();
});

const issue =
  (token: string, lifetimeMs = HOUR_MS) =>
  () =>
    Promise.resolve({ token, lifetimeMs });
const never = () => Promise.reject(new Error('unexpected fetch'));

describe('TokenCache', () => {
  it('shares one fetch between concurrent requests', async () => {
    let fetched = 0;
    const fetchToken = () => {
      fetched += 1;
      return Promise.resolve({ token: 't', lifetimeMs: HOUR_MS });
    };
    const tokens = await Promise.all(
      Array.from({ length: 50 }, async () => cache.get('k', fetchToken)),
    );
    expect([new Set(tokens).size, fetched]).toEqual([1, 1]);
    expect(await cache.get('k', never)).toBe('t');
  });

  it('keeps the tokens of different keys separate', async () => {
    expect(await cache.get('a', issue('1'))).toBe('1');
    expect(await cache.get('b', issue('2'))).toBe('2');
  });

  it.each([
    [HOUR_MS, 55, 59],
    [120_000, 1, 1.5],
    [-5, 0, 0],
  ])('refreshes and drops a token of %i ms in time', (lifetimeMs, refresh, stale) => {
    const { refreshAtMs, staleAtMs } = agesOf(lifetimeMs, 0);
    expect([refreshAtMs / 60_000, staleAtMs / 60_000].map((each) => Math.max(0, each))).toEqual([
      refresh,
      stale,
    ]);
  });

  it('refreshes an old token in the background', async () => {
    await cache.get('k', issue('old'));
    nowMs += HOUR_MS - 200_000;
    let fetched = 0;
    let arrive = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const slow = async () => {
      fetched += 1;
      await arrival;
      return { token: 'new', lifetimeMs: HOUR_MS };
    };
    const tokens = await Promise.all([cache.get('k', slow), cache.get('k', slow)]);
    expect([tokens, fetched]).toEqual([['old', 'old'], 1]);
    arrive();
    // The next request gets the new token, from the same fetch.
    nowMs += 150_000;
    expect(await cache.get('k', slow)).toBe('new');
    expect(fetched).toBe(1);
  });

  it('keeps the old token when a refresh fails, and retries after a pause', async () => {
    await cache.get('k', issue('old'));
    nowMs += HOUR_MS - 200_000;
    let fetched = 0;
    const failing = () => {
      fetched += 1;
      return Promise.reject(new Error('down'));
    };
    expect(await cache.get('k', failing)).toBe('old');
    await new Promise(setImmediate);
    expect(await cache.get('k', failing)).toBe('old');
    expect(fetched).toBe(1);
    nowMs += 10_000;
    expect(await cache.get('k', failing)).toBe('old');
    expect(fetched).toBe(2);
    await new Promise(setImmediate);
    nowMs += 150_000;
    await expect(cache.get('k', failing)).rejects.toThrow('down');
  });

  it('never returns an expired token', async () => {
    await cache.get('k', issue('old', 0));
    expect(await cache.get('k', issue('new'))).toBe('new');
  });

  it('does not cache a failure', async () => {
    await expect(cache.get('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('k', issue('t'))).toBe('t');
  });

  it('forgets a refused token', async () => {
    await cache.get('k', issue('refused'));
    cache.forget('refused');
    expect(await cache.get('k', issue('t'))).toBe('t');
  });

  it('drops stale tokens', async () => {
    await cache.get('short', issue('s', 60_000));
    await cache.get('long', issue('l'));
    nowMs += 60_000;
    cache.dropStale();
    expect(cache.size).toBe(1);
    expect(await cache.get('long', never)).toBe('l');
  });

  it('keeps only the thousand most recently used tokens', async () => {
    for (let index = 0; index < 1000; index += 1) await cache.get(`k${index}`, issue('old'));
    await cache.get('k0', never);
    await cache.get('another', issue('t'));
    expect(cache.size).toBe(1000);
    expect(await cache.get('k0', never)).toBe('old');
    expect(await cache.get('k1', issue('new'))).toBe('new');
  });
});
