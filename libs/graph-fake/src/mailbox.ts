/**
 * What a business is known by, however its letters are written. That Graph folds ASCII alone is
 * inferred: mailbox addresses have no other letters.
 */
export function mailboxOf(business: string): string {
  return business.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
