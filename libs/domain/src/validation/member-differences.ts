import { BookingCustomer } from '../model/booking-customer.ts';
import { READ_ONLY_PROPERTIES } from '../model/read-only.ts';
import { isObject } from '../values.ts';
import { isControlInformation } from './names.ts';
import { WRITABLE_PROPERTIES } from './parse.ts';
import { type Model, propertiesOf } from './properties.ts';

/** Names of members, such as `phones.number`, each once. */
export interface MemberDifferences {
  /** The model does not know them. */
  readonly unknown: ReadonlySet<string>;
  /** At least one customer does not have them. */
  readonly missing: ReadonlySet<string>;
}

/** A response of 8 MiB could have a new name in each customer. */
const MAX_NAMES = 100;
/** Graph's examples do not have the two times. */
const EXPECTED = ['id', ...WRITABLE_PROPERTIES];

/**
 * How customers from Graph differ from the model. Values are not looked at.
 *
 * @param isComplete whether they must have all properties, because none were selected
 */
export function memberDifferences(
  customers: readonly unknown[],
  isComplete: boolean,
): MemberDifferences {
  const unknown = new Set<string>();
  const missing = new Set<string>();
  for (const customer of customers) {
    if (!isObject(customer)) continue;
    addUnknown(unknown, customer, BookingCustomer, '');
    if (!isComplete) continue;
    for (const name of EXPECTED) if (!Object.hasOwn(customer, name)) missing.add(name);
  }
  return { unknown, missing };
}

function addUnknown(
  unknown: Set<string>,
  object: Readonly<Record<string, unknown>>,
  model: Model,
  path: string,
): void {
  const declared = propertiesOf(model);
  for (const name of Object.keys(object)) {
    if (unknown.size >= MAX_NAMES) return;
    const isKnown = declared.has(name) || (path === '' && READ_ONLY_PROPERTIES.includes(name));
    if (!isKnown && !isControlInformation(name)) unknown.add(`${path}${name}`);
    const item = declared.get(name);
    const value = object[name];
    if (item === undefined || !Array.isArray(value)) continue;
    for (const each of value) if (isObject(each)) addUnknown(unknown, each, item, `${name}.`);
  }
}
