import { asciiLowerCase } from '../values.ts';

/**
 * The characters of an SMTP address (RFC 5322, 3.2.3; RFC 6531 adds the letters of any script) and
 * of Graph's ids: GUIDs, and Base64 in both alphabets. A local part may also hold `%`, `?` and `#`.
 * These are refused: a server that decodes twice would read them as syntax of the URL.
 */
const BUSINESS_ID = /^[\p{L}\p{M}\p{Nd}.@!$&'*+\-/=^_`{|}~]+$/u;

/** For error messages. */
export const BUSINESS_ID_CHARACTERS = "letters, digits and .@!$&'*+-/=^_`{|}~";

/** Whether `text` can be the id of a business. */
export function isBusinessId(text: string): boolean {
  return BUSINESS_ID.test(text);
}

/**
 * Folds the letter case of a business id: one mailbox has one id, however it is written. Only A to
 * Z change, so no other letter becomes ASCII. Stored keys depend on this rule; it must not change.
 */
export function foldBusinessId(business: string): string {
  return asciiLowerCase(business);
}
