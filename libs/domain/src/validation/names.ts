import { sanitizeForDisplay } from '../values.ts';

/** The prefix of OData annotations. They carry no customer data. */
export const ANNOTATION_PREFIX = '@odata.';

/** Property names that could change an object's prototype. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Appends a property or an index to `path`, as in `addresses[1].type`. */
export function joinPath(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  return path === '' ? sanitizeForDisplay(name) : `${path}.${sanitizeForDisplay(name)}`;
}
