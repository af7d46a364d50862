const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const U = 0x75;
/** What may follow a backslash besides `u` and four digits (RFC 8259, 7). */
const ESCAPES = new Set(Buffer.from('"\\/bfnrt'));
const LITERALS = ['true', 'false', 'null'];
/** A number (RFC 8259, 6), and no more than a reader has any use for. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** In the place of where a token ends: there is none. */
export const NO_TOKEN = -1;

/** Behind the closing quote of the text that begins at `start`; NO_TOKEN for what is no text. */
export function endOfText(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE) return NO_TOKEN;
    if (byte === BACKSLASH) {
      at += 1;
      if (json[at] === U) {
        if (!/^[\da-f]{4}$/i.test(json.toString('latin1', at + 1, at + 5))) return NO_TOKEN;
        at += 4;
      } else if (!ESCAPES.has(json[at] ?? 0)) return NO_TOKEN;
    }
  }
  return NO_TOKEN;
}

/** Behind the number or the literal that begins at `start`; NO_TOKEN for what is neither. */
export function endOfScalar(json: Buffer, start: number): number {
  for (const literal of isOfNumber(json[start] ?? 0) ? [] : LITERALS) {
    const end = start + literal.length;
    if (json.toString('latin1', start, end) === literal) return end;
  }
  let end = start;
  while (isOfNumber(json[end] ?? 0)) end += 1;
  return NUMBER.test(json.toString('latin1', start, end)) ? end : NO_TOKEN;
}

/** Digits, signs, the point and both letters of an exponent. */
function isOfNumber(byte: number): boolean {
  return (byte >= 0x2b && byte <= 0x39 && byte !== 0x2c && byte !== 0x2f) || (byte | 0x20) === 0x65;
}
