import { describe, expect, it } from '@jest/globals';
import { TokenCache } from './token-cache.ts';

const issue =
  (token: string, lifetimeMs = 3_599_000) =>
  () =>
    Promise.resolve({ token, lifetimeMs });

describe('TokenCache', () => {
  it('fetches one token however many ask at once', async () => {
    const cache = new TokenCache();
    let fetched = 0;
    const fetchToken = () => {
      fetched += 1;
      return Promise.resolve({ token: 't', lifetimeMs: 3_599_000 });
    };
    const tokens = await Promise.all(Array.from({ length: 50 }, () => cache.get('k', fetchToken)));
    expect([new Set(tokens).size, fetched]).toEqual([1, 1]);
    await cache.get('k', fetchToken);
    expect(fetched).toBe(1);
  });

  it('keeps a token to its key', async () => {
    const cache = new TokenCache();
    expect(await cache.get('a', issue('1'))).toBe('1');
    expect(await cache.get('b', issue('2'))).toBe('2');
  });

  it('does not hand out a token that has expired', async () => {
    const cache = new TokenCache();
    await cache.get('k', issue('old', 0));
    expect(await cache.get('k', issue('new'))).toBe('new');
  });

  it('does not remember a failure', async () => {
    const cache = new TokenCache();
    await expect(cache.get('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('k', issue('t'))).toBe('t');
  });

  it('forgets a token that was refused', async () => {
    const cache = new TokenCache();
    await cache.get('k', issue('refused'));
    cache.forget('refused');
    expect(await cache.get('k', issue('t'))).toBe('t');
  });

  it('remembers a thousand tokens and no more', async () => {
    const cache = new TokenCache();
    for (let index = 0; index <= 1000; index += 1) await cache.get(`k${index}`, issue('old'));
    expect(await cache.get('k0', issue('new'))).toBe('new');
    expect(await cache.get('k1000', issue('new'))).toBe('old');
  });
});
