import { describe, expect, it } from '@jest/globals';
import { retryAfterMs, retryAfterSeconds } from './retry-after.ts';

const now = Date.parse('Tue, 18 Aug 2020 12:51:51 GMT');

describe('Retry-After', () => {
  it.each<[string | undefined, number | undefined]>([
    ['120', 120_000],
    ['2.128', 2128],
    [' 3 ', 3000],
    ['9'.repeat(310), 2 ** 31 * 1000],
    ['0', 0],
    ['Tue, 18 Aug 2020 12:52:01 GMT', 10_000],
    ['Tue, 18 Aug 2020 12:51:41 GMT', 0],
    ['-5', undefined],
    ['1e9', undefined],
    ['soon', undefined],
    ['Soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('parses %j as %j ms', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });

  it('writes whole seconds, rounded up, at least one', () => {
    expect([0, 1, 1000, 1001, 2128].map(retryAfterSeconds)).toEqual(['1', '1', '1', '2', '3']);
  });
});
