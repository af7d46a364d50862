import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodedSegment } from './path-segment.ts';

describe('an id as a segment of a path', () => {
  it('has only unreserved characters and escapes, and decodes to the id', () => {
    const id = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(id, (text) => {
        const segment = encodedSegment(text);
        expect(segment).toMatch(/^(?:[\w.~-]|%[\dA-F]{2})*$/);
        expect(decodeURIComponent(segment)).toBe(text);
      }),
    );
    expect(encodedSegment("a'b(c)d*e!@/")).toBe('a%27b%28c%29d%2Ae%21%40%2F');
  });
});
