import { sanitizeForDisplay } from '../values.ts';

/** Property names that could change an object's prototype. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * Names of OData's control information (JSON Format 4.01, 4.5 and 4.6): `@odata.etag` for the object
 * itself, `phones@odata.count` for a property. It carries no customer data. `@odata.bind` would set
 * a navigation property, and bookingCustomer has none.
 */
export const CONTROL_INFORMATION = /^[^@]*@odata\./;

export function isControlInformation(name: string): boolean {
  return CONTROL_INFORMATION.test(name);
}

/** Appends a property or an index to `path`, as in `addresses[1].type`. */
export function joinPath(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  return path === '' ? sanitizeForDisplay(name) : `${path}.${sanitizeForDisplay(name)}`;
}
