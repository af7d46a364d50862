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

  it('takes next to no text for another, and few from their places', () => {
    const seen = new SeenEnds();
    const texts = ends(10_000);
    // One in 65,536 is expected to be taken for another, and one in fourteen to lose its place.
    expect(seenAgain(seen, texts)).toBeLessThan(10);
    expect(seenAgain(seen, texts)).toBeGreaterThan(8000);
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
