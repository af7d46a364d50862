import { type MemberDifferences, memberDifferences } from '@bookings/domain';
import type { GraphRequest } from './graph-request.ts';

export interface MemberEvents {
  /** Customers of a response differ from the model. */
  membersDiffer(differences: MemberDifferences): void;
}

/** `$skiptoken` may stand for a selection. */
const SELECTION = /(?:^|&)(?:\$|%24)(?:select|skiptoken|deltatoken)=/i;

/**
 * Tells `events` how the customers of the response to a request differ from the model. An update
 * need not return every property: Microsoft's example does not.
 */
export function memberCheck(
  { operation, query = '' }: GraphRequest,
  events: MemberEvents,
): (customers: readonly unknown[]) => void {
  const isComplete = operation !== 'updateCustomer' && !SELECTION.test(query);
  return (customers) => {
    const differences = memberDifferences(customers, isComplete);
    const { unknown, missing } = differences;
    if (unknown.size + missing.size > 0) events.membersDiffer(differences);
  };
}
