import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SeenEnds } from './seen-ends.ts';

function ends(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(9).toString('base64url'));
}

function seenAgain(seen: SeenEnds, texts: readonly string[]): number {
  return texts.filter((text) => seen.again(text)).length;
}

describe('SeenEnds', () => {
  it('has seen a text when it comes again', () => {
    const seen = new SeenEnds();
    expect([seen.again('a'), seen.again('a'), seen.again('b'), seen.again('a')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('takes next to no text for another, and few for new', () => {
    const seen = new SeenEnds();
    const texts = ends(10_000);
    // Expected are one in some 30,000 that is taken for another, and a few in a hundred forgotten.
    expect(seenAgain(seen, texts)).toBeLessThan(10);
    expect(seenAgain(seen, texts)).toBeGreaterThan(9500);
  });

  it('sees again what comes by turns, and where two share a place too', () => {
    const seen = new SeenEnds();
    const texts = ends(5000);
    for (const expected of [0, 4850, 4850]) {
      // One in seven shares its place with another, and one in a hundred with two.
      expect(seenAgain(seen, texts)).toBeGreaterThanOrEqual(expected);
    }
  });

  it('tells texts apart by each of their characters', () => {
    const seen = new SeenEnds();
    const text = 'abcdefghijkl';
    const others = Array.from(
      text,
      (_character, index) => text.slice(0, index) + '_' + text.slice(index + 1),
    );
    seen.again(text);
    expect(seenAgain(seen, others)).toBe(0);
  });
});
