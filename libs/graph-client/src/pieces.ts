import { isUtf8 } from 'node:buffer';

/** The bytes of a body one after the other; what came in one piece is not copied. */
export function inOnePiece(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces);
}

/**
 * Whether `pieces` are UTF-8 together, without putting them together. Says no as well where a
 * character goes over a whole piece between two others.
 */
export function isUtf8InPieces(pieces: readonly Buffer[]): boolean {
  let begun = Buffer.alloc(0);
  for (const piece of pieces) {
    const rest = continuationsAtStart(piece);
    const end = piece.length - begunAtEnd(piece);
    if (!isUtf8(Buffer.concat([begun, piece.subarray(0, rest)]))) return false;
    if (!isUtf8(piece.subarray(rest, end))) return false;
    begun = Buffer.from(piece.subarray(end));
  }
  return begun.length === 0;
}

/** Bytes of a character that may have begun before. */
function continuationsAtStart(piece: Buffer): number {
  let count = 0;
  while (count < 3 && isContinuation(piece[count])) count += 1;
  return count;
}

/** Bytes of a character that goes on behind `piece`. */
function begunAtEnd(piece: Buffer): number {
  for (let count = 1; count <= 3; count += 1) {
    const byte = piece[piece.length - count];
    if (byte === undefined) return 0;
    if (!isContinuation(byte)) return lengthOf(byte) > count ? count : 0;
  }
  return 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Of the character that begins with `byte`; 1 for a byte that begins none. */
function lengthOf(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}
