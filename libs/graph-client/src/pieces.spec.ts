import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inOnePiece, isUtf8InPieces } from './pieces.ts';

/** Texts of characters of one to four bytes, some with a byte of something else in it. */
const bytes = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀') }),
    fc.nat(),
    fc.option(fc.nat({ max: 255 })),
  )
  .map(([text, at, byte]) => {
    const whole = Buffer.from(text);
    if (byte !== null && whole.length > 0) whole[at % whole.length] = byte;
    return whole;
  });

describe('isUtf8InPieces', () => {
  it('says of two pieces what holds of the whole', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (whole, at) => {
        const end = at % (whole.length + 1);
        const pieces = [whole.subarray(0, end), whole.subarray(end)];
        expect(isUtf8InPieces(pieces)).toBe(isUtf8(whole));
      }),
      { numRuns: 20_000 },
    );
  });

  it('takes no pieces for text that are none together', () => {
    fc.assert(
      fc.property(fc.array(bytes), (pieces) => {
        if (isUtf8InPieces(pieces)) expect(isUtf8(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('inOnePiece', () => {
  it('copies what came in several alone', () => {
    const piece = Buffer.from('a');
    expect(inOnePiece([piece])).toBe(piece);
    expect(inOnePiece([piece, piece]).toString()).toBe('aa');
    expect(inOnePiece([])).toHaveLength(0);
  });
});
