/** OData's own annotations begin so; they carry no data of the customer. */
export const ANNOTATION_PREFIX = '@odata.';

/** Keys that could reach an object's prototype in code less careful than this. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Longest piece of a caller's own property name that an error repeats, in characters. */
const SHOWN_NAME_LENGTH = 64;

/** `name` as an error may show it: one line, of bounded length. */
export function sanitizeForDisplay(name: string): string {
  // Two units make one character at most: what lies behind is never shown.
  const clean = name.slice(0, 2 * SHOWN_NAME_LENGTH + 2).replaceAll(/\p{C}/gu, '?');
  return clean.length > SHOWN_NAME_LENGTH ? `${clean.slice(0, SHOWN_NAME_LENGTH)}...` : clean;
}

/** The path of `name` inside `path`, such as `addresses[1].type`. */
export function pathTo(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  return path === '' ? sanitizeForDisplay(name) : `${path}.${sanitizeForDisplay(name)}`;
}
