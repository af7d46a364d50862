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
 * @param json what is not well-formed gets an answer as well
 */
export function isDeeperThan(json: string, most: number): boolean {
  // Nothing is deeper than it has openings, and one customer has five.
  return opensMoreOften(json, most) && descendsFurther(json, most);
}

/** What `json` says; undefined for what is not JSON, or has more than MOST_LEVELS levels. */
export function parsedJson(json: Buffer): unknown {
  const text = json.toString('utf8');
  if (isDeeperThan(text, MOST_LEVELS)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether there are more than `most` braces and brackets that open, those within texts as well. */
function opensMoreOften(json: string, most: number): boolean {
  let left = most;
  for (const opening of ['{', '[']) {
    for (let at = json.indexOf(opening); at >= 0; at = json.indexOf(opening, at + 1)) {
      left -= 1;
      if (left < 0) return true;
    }
  }
  return false;
}

/** Looks at each character once, and calls nothing for it: a page has thousands of openings. */
function descendsFurther(json: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfText(json, at);
    else if ((code | CASE) === OPENING) {
      depth += 1;
      if (depth > most) return true;
    } else if ((code | CASE) === CLOSING) depth -= 1;
  }
  return false;
}

/** Where the quote is that closes the text which begins at `start`; the last character without one. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  for (; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    // What it escapes is part of the text.
    if (code === BACKSLASH) at += 1;
  }
  return at;
}
