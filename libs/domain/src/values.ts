/**
 * Letters, marks and symbols up to U+FFFF that show nothing, for a class of characters: what is default
 * ignorable in Unicode (fillers, variation selectors), and the empty Braille pattern.
 */
export const SHOWING_NOTHING =
  '\\u034f\\u17b4\\u17b5\\u180b-\\u180d\\u180f\\ufe00-\\ufe0f\\u115f\\u1160\\u2800\\u3164\\uffa0';

/** A character that shows something: no white space, not Unicode category C (control, format). */
export const VISIBLE_CHARACTER = new RegExp(`[^\\s\\p{C}${SHOWING_NOTHING}]`, 'u');

/** Whether `value` is a JSON object: not an array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Changes A to Z to lower case and nothing else. */
export function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const MAX_DISPLAY_LENGTH = 64;

/** Makes a name that a caller sent fit for an error message: one line, of bounded length. */
export function sanitizeForDisplay(name: string): string {
  // A character has at most two UTF-16 units, so the rest is never needed.
  const clean = name.slice(0, 2 * MAX_DISPLAY_LENGTH + 2).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  if (clean.length <= MAX_DISPLAY_LENGTH) return clean;
  // The cut may divide a surrogate pair.
  return `${clean.slice(0, MAX_DISPLAY_LENGTH).toWellFormed()}...`;
}

/** Whether every string in `value`, which comes from JSON, is well-formed; names of members too. */
export function isWellFormed(value: unknown): boolean {
  // The loop also visits what it appends. A recursion would end at the depth of the stack.
  const pending = [value];
  for (const each of pending) {
    if (typeof each === 'string' && !each.isWellFormed()) return false;
    if (Array.isArray(each)) for (const item of each) pending.push(item);
    else if (isObject(each))
      for (const [name, member] of Object.entries(each)) pending.push(name, member);
  }
  return true;
}

/**
 * More combining marks in a row than any language has (UAX #15, Stream-Safe Text Format). The time
 * to normalize such a text is quadratic: half a minute for 256 KiB.
 */
const TOO_MANY_MARKS = /\p{M}{31}/u;

/**
 * The text for a comparison: canonically equivalent texts, such as a letter with an accent and the
 * composed letter, are equal (NFC). A text with too many marks in a row stays as it is.
 */
export function inNormalForm(text: string): string {
  return TOO_MANY_MARKS.test(text) ? text : text.normalize('NFC');
}
