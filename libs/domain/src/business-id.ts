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
