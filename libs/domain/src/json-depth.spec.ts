import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_LEVELS, isDeeperThan, parsedJson } from './json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

describe('isDeeperThan', () => {
  it('is what counting levels says, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(7), (json, most) => {
        const value: unknown = JSON.parse(json);
        expect(isDeeperThan(value, most)).toBe(depthOf(value) > most);
      }),
    );
  });

  it('looks no deeper than it must', () => {
    let deep: unknown = [];
    for (let level = 0; level < 1_000_000; level += 1) deep = [deep];
    expect(isDeeperThan(deep, MOST_LEVELS)).toBe(true);
  });
});

describe('parsedJson', () => {
  it.each<[string, Buffer]>([
    ['no JSON', Buffer.from('{')],
    ['no UTF-8', Buffer.from('"\xff"', 'latin1')],
    ['too deep', Buffer.from('['.repeat(MOST_LEVELS + 1) + ']'.repeat(MOST_LEVELS + 1))],
    ['a million levels', Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000))],
  ])('is undefined for what is %s', (_title, json) => {
    expect(parsedJson(json)).toBeUndefined();
  });

  it('reads what is deep, but not too deep', () => {
    const json = '['.repeat(MOST_LEVELS) + ']'.repeat(MOST_LEVELS);
    expect(JSON.stringify(parsedJson(Buffer.from(json)))).toBe(json);
  });
});
