import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Caller } from '@bookings/domain';
import { TokenCache } from './token-cache.ts';

const CALLER: Caller = {
  kind: 'application',
  appId: 'app',
  tenantId: 'tenant',
  permissions: [],
  personal: false,
};
const MINUTE_MS = 60_000;
const MAX_TOKENS = 10_000;

let cache: TokenCache;
beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
  cache = new TokenCache();
});
afterEach(() => {
  jest.useRealTimers();
});

function add(token: string, lifetimeMs = MINUTE_MS): void {
  cache.add(token, CALLER, Date.now() + lifetimeMs, cache.generation);
}

describe('TokenCache', () => {
  it('returns the callers of its tokens and of no others', () => {
    add('a.b.c');
    expect(cache.get('a.b.c')).toBe(CALLER);
    expect(['a.b.C', 'a.b.c ', 'x.b.c', 'b.c', ''].map((token) => cache.get(token))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('keeps a token until it expires by the wall clock', () => {
    add('a token');
    jest.setSystemTime(Date.now() + MINUTE_MS - 1);
    expect(cache.get('a token')).toBe(CALLER);
    jest.setSystemTime(Date.now() + 2);
    expect(cache.get('a token')).toBeUndefined();
  });

  it.each([0, -1, NaN, -Infinity])('does not keep a token that expires in %s ms', (lifetimeMs) => {
    add('a token', lifetimeMs);
    expect(cache.get('a token')).toBeUndefined();
  });

  it('is cleared, and ignores tokens whose verification started before', () => {
    add('a token');
    const { generation } = cache;
    cache.clear();
    cache.add('late', CALLER, Date.now() + MINUTE_MS, generation);
    expect(['a token', 'late'].map((token) => cache.get(token))).toEqual([undefined, undefined]);
    add('new');
    expect(cache.get('new')).toBe(CALLER);
  });

  it('is bounded and evicts the least recently used token', () => {
    for (let index = 0; index < MAX_TOKENS; index += 1) add(`token ${index}`);
    cache.get('token 0');
    add('one more');
    expect(['token 0', 'token 1', 'token 2', 'one more'].map((token) => cache.get(token))).toEqual([
      CALLER,
      undefined,
      CALLER,
      CALLER,
    ]);
  });
});
