import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_JSON_DEPTH, isDeeperThan, parseJson } from './json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

describe('isDeeperThan', () => {
  it('agrees with a count of all levels', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(7), (json, max) => {
        const value: unknown = JSON.parse(json);
        expect(isDeeperThan(value, max)).toBe(depthOf(value) > max);
      }),
    );
  });

  it('stops at the limit', () => {
    let deep: unknown = [];
    for (let level = 0; level < 1_000_000; level += 1) deep = [deep];
    expect(isDeeperThan(deep, MAX_JSON_DEPTH)).toBe(true);
  });
});

describe('parseJson', () => {
  it.each<[string, Buffer]>([
    ['that is not JSON', Buffer.from('{')],
    ['that is not UTF-8', Buffer.from('"\xff"', 'latin1')],
    [
      'with one level too many',
      Buffer.from('['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1)),
    ],
    ['with a million levels', Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000))],
  ])('returns undefined for input %s', (_title, json) => {
    expect(parseJson(json)).toBeUndefined();
  });

  it('accepts the deepest allowed nesting', () => {
    const json = '['.repeat(MAX_JSON_DEPTH) + ']'.repeat(MAX_JSON_DEPTH);
    expect(JSON.stringify(parseJson(Buffer.from(json)))).toBe(json);
  });
});
