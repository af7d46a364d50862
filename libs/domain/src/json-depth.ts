const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x7b, 0x5b];
const CLOSING = [0x7d, 0x5d];

/** The most levels that any JSON here has use for: a batch of customers with addresses has seven. */
export const MOST_LEVELS = 32;

/**
 * Whether objects and lists in `json` lie within each other more than `most` levels deep. To be
 * asked before anything that calls itself for every level, such as `JSON.stringify`, sees them.
 *
 * @param json in UTF-8; what is not well-formed gets an answer as well
 */
export function isDeeperThan(json: Buffer, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfText(json, at);
    else if (OPENING.includes(byte)) depth += 1;
    else if (CLOSING.includes(byte)) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}

/** Where the quote is that closes the text which begins at `start`; the last byte without one. */
function endOfText(json: Buffer, start: number): number {
  for (let at = start + 1; ; at += 1) {
    at = json.indexOf(QUOTE, at);
    if (at < 0) return json.length;
    let slashes = 0;
    while (json[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}
