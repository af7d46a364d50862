import { requireString, requireStrings } from './arguments.ts';
import type { CustomerProperty } from './booking-customer.ts';

export interface RequestOptions {
  /**
   * Aborts the request, which then throws the reason of the signal. A write may have happened.
   * Without a signal, the deadline of the proxy limits the request.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions extends RequestOptions {
  /** `If-Match`: the required entity tag of the customer. Otherwise the response is 412. */
  readonly ifMatch?: string | undefined;
}

export interface CountOptions extends RequestOptions {
  /** OData, such as `microsoft.graph.bookingCustomer/emailAddress eq 'jonis@relecloud.com'`. */
  readonly filter?: string | undefined;
  /** OData. */
  readonly search?: string | undefined;
}

export interface ListOptions<P extends CustomerProperty = CustomerProperty> extends CountOptions {
  /** Customers per page. */
  readonly top?: number | undefined;
  /** How many customers to skip. */
  readonly skip?: number | undefined;
  /** OData, such as `microsoft.graph.bookingCustomer/displayName desc`. */
  readonly orderby?: string | undefined;
  /** The properties that are needed, instead of all. The id is always among them. */
  readonly select?: readonly P[] | undefined;
}

/**
 * The declared type of a list has only an id. Graph knows other properties by this prefix (OData URL
 * Conventions 4.01, 4.11: a cast in a path).
 */
const CAST = 'microsoft.graph.bookingCustomer/';

const NAMES = ['filter', 'search', 'top', 'skip', 'orderby', 'select'] as const;
const COUNTS: readonly string[] = ['top', 'skip'];

/**
 * The query string with OData's options; empty without options. All values are encoded.
 *
 * @throws TypeError if `top` or `skip` is not a count, or if text is not well-formed Unicode
 */
export function queryOf(options: ListOptions): string {
  const { select } = options;
  if (select !== undefined) requireStrings('select', select);
  // Without an id, it would be unknown whose properties they are.
  const selected = select && new Set(['id', ...select.map(withCast)]);
  const values = { ...options, select: selected && [...selected].join(',') };
  const parts = NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    if (COUNTS.includes(name)) {
      if (!(Number.isSafeInteger(value) && Number(value) >= 0)) {
        throw new TypeError(`${name} must be a whole number from 0 up`);
      }
    } else {
      requireString(name, value);
    }
    const text = String(value);
    if (!text.isWellFormed()) throw new TypeError(`${name} must be well-formed Unicode`);
    return [`$${name}=${encodeURIComponent(text)}`];
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function withCast(property: string): string {
  return property === 'id' ? property : `${CAST}${property}`;
}

/**
 * The headers of a conditional write.
 *
 * @throws TypeError if a header cannot have the value, which `fetch` would report as a lost connection
 */
export function conditionsOf({ ifMatch }: WriteOptions): Record<string, string> {
  if (ifMatch === undefined) return {};
  requireString('ifMatch', ifMatch);
  if (!/^[ -~]+$/.test(ifMatch)) {
    throw new TypeError('ifMatch must be an entity tag, of characters from ! to ~');
  }
  return { 'If-Match': ifMatch };
}
