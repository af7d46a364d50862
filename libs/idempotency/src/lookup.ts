import type { BookingCustomer } from '@bookings/domain';
import { agreement } from './customer-match.ts';

/** Every customer of a business, as far as Graph tells. */
export interface CustomerList {
  readonly customers: readonly Record<string, unknown>[];
  /** Graph's clock before this process's, in milliseconds; undefined when Graph did not say. */
  readonly aheadMs: number | undefined;
}

/** What a list of customers says of a create whose end nobody knows. */
export type Finding =
  | { readonly kind: 'found'; readonly customer: Record<string, unknown>; readonly id: string }
  | { readonly kind: 'none' }
  /** Something is there that may be it: nobody can say. */
  | { readonly kind: 'inconclusive' };

/** How far Graph's clock, of which only full seconds are known, may be off by our reckoning. */
export const CLOCK_ALLOWANCE_MS = 5000;

/** A create whose end nobody knows. */
export interface Lost {
  readonly sent: BookingCustomer;
  /** When its first attempt was begun, by this process's clock. */
  readonly openedAtMs: number;
  /** How many other keys of the same content are unknown as well: so many more matches may be theirs. */
  readonly unsettledDuplicates: number;
}

/**
 * Looks for the customer of a create in a complete list. Of several that agree in full, no more than
 * there are duplicates, the oldest is taken: the window of a later duplicate may not reach back to it.
 *
 * @param areOwned which of these ids belong to another key
 */
export async function lookFor(
  { sent, openedAtMs, unsettledDuplicates }: Lost,
  { customers, aheadMs }: CustomerList,
  areOwned: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<Finding> {
  // Without Graph's clock nobody can say when the window opened, so that it takes in everything.
  const opensMs = aheadMs === undefined ? -Infinity : openedAtMs + aheadMs - CLOCK_ALLOWANCE_MS;
  const alike = customers
    .map((customer) => ({ customer, agrees: agreement(sent, customer) }))
    .filter(({ agrees }) => agrees !== 'none')
    .filter(({ customer }) => !(createdMs(customer) < opensMs));
  if (alike.length === 0) return { kind: 'none' };
  const owned = await areOwned(alike.map(({ customer }) => idOf(customer)));
  const candidates = alike.filter(({ customer }) => !owned.has(idOf(customer)));
  const [oldest] = candidates
    .map(({ customer }) => customer)
    .sort((one, other) => createdMs(one) - createdMs(other));
  if (oldest === undefined) return { kind: 'none' };
  const certain =
    aheadMs !== undefined &&
    candidates.length <= 1 + unsettledDuplicates &&
    candidates.every(
      ({ customer, agrees }) =>
        agrees === 'full' && idOf(customer) !== '' && !Number.isNaN(createdMs(customer)),
    );
  return certain ? { kind: 'found', customer: oldest, id: idOf(oldest) } : { kind: 'inconclusive' };
}

/** The customer of which an operator has said that it is the key's, by its digest. */
export function customerOf(
  digest: string,
  { customers }: CustomerList,
  digestOf: (id: string) => string,
): Finding {
  const customer = customers.find((each) => idOf(each) !== '' && digestOf(idOf(each)) === digest);
  return customer ? { kind: 'found', customer, id: idOf(customer) } : { kind: 'inconclusive' };
}

/** NaN when Graph does not say, which the national clouds' schemas do not. */
function createdMs(customer: Record<string, unknown>): number {
  const { createdDateTime } = customer;
  return typeof createdDateTime === 'string' ? Date.parse(createdDateTime) : NaN;
}

function idOf({ id }: Record<string, unknown>): string {
  return typeof id === 'string' ? id : '';
}
