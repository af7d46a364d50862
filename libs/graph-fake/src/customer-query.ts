import type { StoredCustomer } from './customer-store.ts';
import { GraphRefusal } from './graph-response.ts';

/** The query options of a list; undefined if absent. */
export interface CustomerQuery {
  /** The page size. */
  readonly top: number | undefined;
  readonly skip: number;
  /** The page starts after the customer with this ordinal. */
  readonly after: number;
  readonly counted: boolean;
  /** Names of members; undefined selects all. */
  readonly select: readonly string[] | undefined;
  matches(customer: StoredCustomer): boolean;
}

// The declared type of the collection has only an id, so that a member of the derived type needs a
// cast. That Graph accepts the cast is inferred from OData. That it refuses the bare name was
// observed for a sibling type.
const CAST = 'microsoft.graph.bookingCustomer/';
const MEMBERS = [
  'displayName',
  'emailAddress',
  'addresses',
  'phones',
  'createdDateTime',
  'lastUpdatedDateTime',
];
const FILTER =
  /^microsoft\.graph\.bookingCustomer\/(emailAddress|displayName) eq '((?:[^']|'')*)'$/;
const MAX_TOP = 999;

/** Names have no letter case. Throws 400 for an unsupported value and for an unknown `$` option. */
export function readCustomerQuery(query: URLSearchParams): CustomerQuery {
  const options = new Map<string, string>();
  for (const [written, value] of query) {
    const name = written.toLowerCase();
    if (!name.startsWith('$')) continue;
    if (!KNOWN.includes(name) || options.has(name)) throw invalid();
    options.set(name, value);
  }
  const top = options.get('$top');
  const count = options.get('$count');
  if (count !== undefined && count !== 'true' && count !== 'false') throw invalid();
  const filter = options.get('$filter');
  return {
    top: top === undefined ? undefined : wholeNumber(top, 1, MAX_TOP),
    skip: wholeNumber(options.get('$skip') ?? '0', 0, Number.MAX_SAFE_INTEGER),
    after: readSkipToken(options.get('$skiptoken')),
    counted: count === 'true',
    select: options.get('$select')?.split(',').map(selected),
    matches: filter === undefined ? () => true : readFilter(filter),
  };
}

const KNOWN: readonly string[] = ['$count', '$filter', '$select', '$skip', '$skiptoken', '$top'];

/** Opaque to callers, as in Graph. */
export function skipToken(ordinal: number): string {
  return Buffer.from(`after:${ordinal}`).toString('base64url');
}

function readSkipToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, ordinal] = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (ordinal === undefined) throw invalid();
  return Number(ordinal);
}

function readFilter(filter: string): (customer: StoredCustomer) => boolean {
  const [, name, quoted = ''] = FILTER.exec(filter) ?? [];
  const value = quoted.replaceAll("''", "'");
  if (name === 'displayName') return ({ displayName }) => displayName === value;
  if (name === 'emailAddress') return ({ emailAddress }) => emailAddress === value;
  const [, bare = 'value'] = /^(\w+)/.exec(filter) ?? [];
  throw new GraphRefusal(
    400,
    'BadRequest',
    `Invalid filter clause: Could not find a property named '${bare}' on type 'microsoft.graph.bookingCustomerBase'.`,
  );
}

function selected(item: string): string {
  const name = item.startsWith(CAST) ? item.slice(CAST.length) : item;
  if (item === 'id' || (item !== name && MEMBERS.includes(name))) return name;
  throw invalid();
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw invalid();
}

/** Observed for unsupported options of another request. */
function invalid(): GraphRefusal {
  return new GraphRefusal(400, 'ErrorInvalidRequest', 'The request is invalid.');
}
