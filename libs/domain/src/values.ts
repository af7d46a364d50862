/** A character other than white space and Unicode category C (control, format, unassigned). */
export const VISIBLE_CHARACTER = /[^\s\p{C}]/u;

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
  return clean.length > MAX_DISPLAY_LENGTH ? `${clean.slice(0, MAX_DISPLAY_LENGTH)}...` : clean;
}
