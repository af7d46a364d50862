import type { BookingCustomer } from '@bookings/domain';
import { comparedTexts, type CustomerMatch, matchTexts } from './customer-match.ts';

/** All customers of a business. */
export interface CustomerList {
  readonly customers: readonly Record<string, unknown>[];
  /** Graph's clock minus `performance.now()`; undefined when Graph sent no `Date`. */
  readonly clockOffsetMs: number | undefined;
}

/** What a customer list says about a create with an unknown outcome. */
export type Finding =
  | { readonly kind: 'found'; readonly customer: Record<string, unknown>; readonly id: string }
  | { readonly kind: 'none' }
  /** The list has candidates, and it is not certain that one of them is the customer. */
  | { readonly kind: 'inconclusive' };

/** The tolerance for Graph's clock: its `Date` header field only has full seconds. */
export const CLOCK_TOLERANCE_MS = 5000;

/** When the customer of a create was made. */
export interface Window {
  /** When its first attempt began at the earliest, in milliseconds of `performance.now()`. */
  readonly sentAtMs: number;
  /** Customers that were created later are not its, by the same clock. Infinity when they may be. */
  readonly settledAtMs: number;
}

/** A create with an unknown outcome. */
export interface LostCreate extends LostAttempts {
  readonly sent: BookingCustomer;
}

/** What a lookup needs to know of a create with an unknown outcome, besides its customer. */
export interface LostAttempts extends Window {
  /** How many duplicates are unknown. Each may account for one more matching customer. */
  readonly unknownDuplicates: number;
}

/** Finds the customer of a create in a complete list, see `findMatch`. */
export function findCustomer(
  { sent, ...attempts }: LostCreate,
  list: CustomerList,
  ownedIds: OwnedIds,
): Promise<Finding> {
  const texts = comparedTexts(sent);
  return findMatch((customer) => matchTexts(texts, customer), attempts, list, ownedIds);
}

/** Returns those of the given ids that belong to another key. */
export type OwnedIds = (ids: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Finds the customer of a create in a complete list. When duplicates are unknown as well, several
 * customers may match, and the oldest one is taken: the window of a later duplicate may begin after it was created.
 */
export async function findMatch(
  matchOf: (listed: Readonly<Record<string, unknown>>) => CustomerMatch,
  { unknownDuplicates, ...window }: LostAttempts,
  list: CustomerList,
  ownedIds: OwnedIds,
): Promise<Finding> {
  const { customers, clockOffsetMs } = createdWithin(window, list);
  const similar = customers
    .map((customer) => ({ customer, match: matchOf(customer) }))
    .filter(({ match }) => match !== 'none');
  if (similar.length === 0) return { kind: 'none' };
  const owned = await ownedIds(similar.map(({ customer }) => idOf(customer)));
  const candidates = similar.filter(({ customer }) => !owned.has(idOf(customer)));
  const [oldest] = candidates
    .map(({ customer }) => customer)
    .sort((one, other) => createdMs(one) - createdMs(other));
  if (oldest === undefined) return { kind: 'none' };
  const isCertain =
    clockOffsetMs !== undefined &&
    candidates.length <= 1 + unknownDuplicates &&
    candidates.every(
      ({ customer, match }) =>
        match === 'full' && idOf(customer) !== '' && !Number.isNaN(createdMs(customer)),
    );
  return isCertain
    ? { kind: 'found', customer: oldest, id: idOf(oldest) }
    : { kind: 'inconclusive' };
}

/** The customers that were created in the window, or whose time is not known. */
export function createdWithin(
  { sentAtMs, settledAtMs }: Window,
  { customers, clockOffsetMs }: CustomerList,
): CustomerList {
  // Without Graph's clock the start of the window is unknown, so every customer is a candidate.
  if (clockOffsetMs === undefined) return { customers, clockOffsetMs };
  const startMs = sentAtMs + clockOffsetMs - CLOCK_TOLERANCE_MS;
  const endMs = settledAtMs + clockOffsetMs + CLOCK_TOLERANCE_MS;
  const isOutside = (ms: number) => ms < startMs || ms > endMs;
  return {
    customers: customers.filter((customer) => !isOutside(createdMs(customer))),
    clockOffsetMs,
  };
}

/** Finds the customer that an operator has named, by its digest. */
export function findByDigest(
  digest: string,
  { customers }: CustomerList,
  digestOf: (id: string) => string,
): Finding {
  const customer = customers.find((each) => idOf(each) !== '' && digestOf(idOf(each)) === digest);
  return customer ? { kind: 'found', customer, id: idOf(customer) } : { kind: 'inconclusive' };
}

/** NaN when Graph sends no creation time: the schemas of the national clouds have none. */
function createdMs(customer: Record<string, unknown>): number {
  const { createdDateTime } = customer;
  return typeof createdDateTime === 'string' ? Date.parse(createdDateTime) : NaN;
}

function idOf({ id }: Record<string, unknown>): string {
  return typeof id === 'string' ? id : '';
}
