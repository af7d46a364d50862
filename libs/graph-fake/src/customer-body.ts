import type { CustomerItem, NewCustomer } from './customer-store.ts';
import { GraphRefusal } from './graph-response.ts';
import { isRecord } from './record-reader.ts';
import { KNOWN_SCHEMA, type SchemaProperty, type SchemaType } from './schema.ts';

const typeNames: readonly unknown[] = [
  '#microsoft.graph.bookingCustomer',
  'microsoft.graph.bookingCustomer',
];

const { types: schema, enums, readOnly } = KNOWN_SCHEMA;
const writable: readonly string[] = ['@odata.type', ...Object.keys(schema.bookingCustomer)];

/**
 * Reads the body of a create by the v1.0 schema. Throws 400 for the first violation.
 *
 * The status and the code `BadRequest` were observed for other malformed requests. Whether Bookings
 * answers each of these violations with 400 is unknown. The messages are those of the fake.
 */
export function readCustomerBody(text: string): NewCustomer {
  const { displayName, ...others } = readCustomerChanges(text);
  if (displayName === undefined) throw badRequest(DISPLAY_NAME);
  return { displayName, ...others };
}

/**
 * Reads the body of an update, in which only `@odata.type` is required. That an update requires it
 * is inferred from the declared type, which is the same as for a create.
 */
export function readCustomerChanges(text: string): Partial<NewCustomer> {
  const body = parseObject(text);
  for (const name of Object.keys(body)) {
    if (readOnly.includes(name)) throw badRequest(`The property '${name}' is read-only.`);
    if (!writable.includes(name)) throw undeclared(name, 'microsoft.graph.bookingCustomer');
  }
  // The declared type of the collection is abstract, so the body must name its type.
  if (!typeNames.includes(body['@odata.type'])) {
    throw badRequest("The property '@odata.type' must be '#microsoft.graph.bookingCustomer'.");
  }
  const { displayName, emailAddress, addresses, phones } = body;
  if (displayName !== undefined && typeof displayName !== 'string') {
    throw badRequest(DISPLAY_NAME);
  }
  if (emailAddress !== undefined && emailAddress !== null && typeof emailAddress !== 'string') {
    throw badRequest("The property 'emailAddress' must be a string or null.");
  }
  return {
    ...(displayName !== undefined && { displayName }),
    ...(emailAddress !== undefined && { emailAddress }),
    ...(addresses !== undefined && {
      addresses: readItems(addresses, 'addresses', schema.physicalAddress),
    }),
    ...(phones !== undefined && { phones: readItems(phones, 'phones', schema.phone) }),
  };
}

const DISPLAY_NAME = "The property 'displayName' must be a string that is not null.";

function parseObject(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest('Unable to read JSON request payload.');
  }
  if (isRecord(body)) return body;
  throw badRequest('The request payload must be a JSON object.');
}

/** By the schema, items are nullable but the collection is not. */
function readItems(
  input: unknown,
  name: 'addresses' | 'phones',
  type: SchemaType,
): readonly (CustomerItem | null)[] {
  if (!Array.isArray(input)) throw badRequest(`The property '${name}' must be an array.`);
  const items: unknown[] = input;
  return items.map((item, index) => {
    if (item === null && schema.bookingCustomer[name].isNullable) return null;
    const where = `${name}[${index}]`;
    if (!isRecord(item)) throw badRequest(`'${where}' must be an object.`);
    return readItem(item, where, type);
  });
}

function readItem(
  item: Readonly<Record<string, unknown>>,
  where: string,
  type: SchemaType,
): CustomerItem {
  return Object.fromEntries(
    Object.entries(item).map(([member, value]) => {
      const declared = Object.hasOwn(type, member) ? type[member] : undefined;
      if (declared === undefined) throw undeclared(member, where);
      return [member, readValue(value, `${where}.${member}`, declared)];
    }),
  );
}

function readValue(
  value: unknown,
  where: string,
  { type, isNullable }: SchemaProperty,
): string | null {
  if (value === null && isNullable) return null;
  if (typeof value !== 'string') throw badRequest(`'${where}' must be a string or null.`);
  const members = enums[type];
  if (members !== undefined && !members.includes(value)) {
    throw badRequest(`'${where}' must be one of ${members.join(', ')}.`);
  }
  return value;
}

function undeclared(name: string, type: string): GraphRefusal {
  return badRequest(`The property '${name}' does not exist on '${type}'.`);
}

function badRequest(message: string): GraphRefusal {
  return new GraphRefusal(400, 'BadRequest', message);
}
