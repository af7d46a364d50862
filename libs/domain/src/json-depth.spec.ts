import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeeperThan } from './json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

describe('isDeeperThan', () => {
  it('is what counting levels says, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(7), (json, most) => {
        const value: unknown = JSON.parse(json);
        expect(isDeeperThan(json, most)).toBe(depthOf(value) > most);
      }),
    );
  });

  it.each<[string, boolean]>([
    ['"[[[["', false],
    ['["\\"[[[["]', false],
    ['["\\\\",[[[]]]]', true],
    ['[[],[],[],[]]', false],
    ['[[[', false],
    ['[[[[', true],
    ['"', false],
    ['', false],
    ['[[[["', true],
  ])('of %s and three levels is %s', (json, deeper) => {
    expect(isDeeperThan(json, 3)).toBe(deeper);
  });

  it('takes a million levels', () => {
    expect(isDeeperThan('['.repeat(1_000_000), 1_000_000)).toBe(false);
    expect(isDeeperThan('['.repeat(1_000_000), 999_999)).toBe(true);
  });

  it('takes time in proportion to the length, backslashes and all', () => {
    // A quadratic one would not end within the time of a test.
    expect(isDeeperThan(`"[[[[${'\\"'.repeat(4_000_000)}"`, 3)).toBe(false);
    expect(isDeeperThan(`"[[[[${'\\\\'.repeat(4_000_000)}"`, 3)).toBe(false);
  });
});
