import { type BookingCustomer, isObject } from '@bookings/domain';

/** How far a customer in a list agrees with one that was to be created. */
export type Agreement = 'full' | 'partial' | 'none';

/** What Graph is known to keep of a customer, written in one way. */
interface Projection {
  readonly name: string;
  readonly email: string;
  readonly addresses: string;
  readonly phones: string;
}

/** Members that the v1.0 schema declares; what else was sent may be gone (`type`, `postOfficeBox`). */
const ADDRESS = ['street', 'city', 'state', 'countryOrRegion', 'postalCode'];
const PHONE = ['number', 'type'];

/**
 * Compares by what Graph keeps: it was seen to store the e-mail address in place of the name, null
 * for what is absent or empty, and addresses without the members that its schema does not declare.
 *
 * `partial`: the same e-mail address, or the same name where there is no address.
 */
export function agreement(sent: BookingCustomer, listed: Record<string, unknown>): Agreement {
  const ours = projection(Object.fromEntries(Object.entries(sent)));
  const theirs = projection(listed);
  const sameName =
    theirs.name === ours.name || (ours.email !== '' && theirs.name.toLowerCase() === ours.email);
  const sameEmail = theirs.email === ours.email;
  const sameRest = theirs.addresses === ours.addresses && theirs.phones === ours.phones;
  if (sameName && sameEmail && sameRest) return 'full';
  if (ours.email !== '' ? sameEmail : sameName) return 'partial';
  return 'none';
}

function projection(customer: Record<string, unknown>): Projection {
  return {
    name: text(customer['displayName']),
    email: text(customer['emailAddress']).toLowerCase(),
    addresses: items(customer['addresses'], ADDRESS),
    phones: items(customer['phones'], PHONE),
  };
}

/** The items that hold anything, in an order of their own. */
function items(collection: unknown, members: readonly string[]): string {
  const list: readonly unknown[] = Array.isArray(collection) ? collection : [];
  return list
    .map((item) => members.map((name) => (isObject(item) ? text(item[name]) : '')))
    .filter((values) => values.some((value) => value !== ''))
    .map((values) => JSON.stringify(values))
    .sort()
    .join();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
