/** The prefix of OData annotations. They carry no customer data. */
export const ANNOTATION_PREFIX = '@odata.';

/** Property names that could change an object's prototype. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const MAX_DISPLAY_LENGTH = 64;

/** Makes a caller's property name fit for an error message: one line, of bounded length. */
export function sanitizeForDisplay(name: string): string {
  // A character has at most two UTF-16 units, so the rest is never needed.
  const clean = name.slice(0, 2 * MAX_DISPLAY_LENGTH + 2).replaceAll(/\p{C}/gu, '?');
  return clean.length > MAX_DISPLAY_LENGTH ? `${clean.slice(0, MAX_DISPLAY_LENGTH)}...` : clean;
}

/** Appends a property or an index to `path`, as in `addresses[1].type`. */
export function joinPath(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  return path === '' ? sanitizeForDisplay(name) : `${path}.${sanitizeForDisplay(name)}`;
}
