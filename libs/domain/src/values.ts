/** A character that is neither white space nor invisible (control, format, unassigned, surrogate). */
export const VISIBLE_CHARACTER = /[^\s\p{C}]/u;

/** Whether `value` is what JSON calls an object: no array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
