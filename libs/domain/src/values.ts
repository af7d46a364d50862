/** A character other than white space and Unicode category C (control, format, unassigned). */
export const VISIBLE_CHARACTER = /[^\s\p{C}]/u;

/** Whether `value` is a JSON object: not an array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
