const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Braces and brackets differ in the bit that letter cases differ in. */
const CASE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** The most levels that any JSON here has use for: a batch of customers with addresses has seven. */
export const MOST_LEVELS = 32;

/**
 * Whether objects and lists in `json` lie within each other more than `most` levels deep. To be
 * asked before anything that calls itself for every level, such as `JSON.stringify`, sees them.
 *
 * @param json in UTF-8; what is not well-formed gets an answer as well
 */
export function isDeeperThan(json: Buffer, most: number): boolean {
  // Every answer of Graph's comes through here: one look at each byte, and no call for it.
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfText(json, at);
    else if ((byte | CASE) === OPENING) {
      depth += 1;
      if (depth > most) return true;
    } else if ((byte | CASE) === CLOSING) depth -= 1;
  }
  return false;
}

/** What `json` says; undefined for what is not JSON, or has more than MOST_LEVELS levels. */
export function parsedJson(json: Buffer): unknown {
  if (isDeeperThan(json, MOST_LEVELS)) return undefined;
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Where the quote is that closes the text which begins at `start`; the last byte without one. */
function endOfText(json: Buffer, start: number): number {
  let at = start + 1;
  for (; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) return at;
    // What it escapes is part of the text.
    if (byte === BACKSLASH) at += 1;
  }
  return at;
}
