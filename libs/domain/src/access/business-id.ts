/**
 * What an SMTP address holds (RFC 5322, 3.2.3; with RFC 6531 the letters of any script), and what
 * ids of Graph's are made of: GUIDs, and Base64 in both alphabets. Without `%`, `?` and `#`, which a
 * local part may hold too: decoded once too often on the way up, they would end the path or begin
 * another.
 */
const BUSINESS_ID = /^[\p{L}\p{M}\p{Nd}.@!$&'*+\-/=^_`{|}~]+$/u;

/** The same in words, for errors. */
export const BUSINESS_ID_CHARACTERS = "letters, digits and .@!$&'*+-/=^_`{|}~";

/** Whether Graph could have a business of that id. */
export function isBusinessId(text: string): boolean {
  return BUSINESS_ID.test(text);
}

/**
 * A business id in one letter case, as its mailbox is one. A to Z alone: no other letter becomes
 * ASCII by it, nor another one. What stores remember is found by this rule, so it must not change.
 */
export function foldBusinessId(business: string): string {
  return asciiLowerCase(business);
}

/** `text` with A to Z in lower case and nothing else changed. */
export function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
