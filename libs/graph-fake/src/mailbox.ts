/**
 * The key of a business, whose id is compared without regard to letter case. That Graph folds only
 * ASCII is inferred: mailbox addresses have no other letters.
 */
export function mailboxOf(business: string): string {
  return business.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
