import type { CustomerItem, NewCustomer } from './customer-store.ts';
import { GraphRefusal } from './graph-response.ts';
import { isRecord } from './record-reader.ts';

const types: readonly unknown[] = [
  '#microsoft.graph.bookingCustomer',
  'microsoft.graph.bookingCustomer',
];

// The v1.0 schema declares neither postOfficeBox nor type, but the page of the operation sends and
// returns both. What the service does with them is unknown. The fake follows the page.
const addressMembers: readonly string[] = [
  'city',
  'countryOrRegion',
  'postalCode',
  'postOfficeBox',
  'state',
  'street',
  'type',
];
const addressTypes: readonly string[] = ['unknown', 'home', 'business', 'other'];

const phoneMembers: readonly string[] = ['language', 'number', 'region', 'type'];
const phoneTypes: readonly string[] = [
  'home',
  'business',
  'mobile',
  'other',
  'assistant',
  'homeFax',
  'businessFax',
  'otherFax',
  'pager',
  'radio',
];

const writable: readonly string[] = [
  '@odata.type',
  'displayName',
  'emailAddress',
  'addresses',
  'phones',
];
const readOnly: readonly string[] = ['id', 'createdDateTime', 'lastUpdatedDateTime'];

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
  if (!types.includes(body['@odata.type'])) {
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
      addresses: readItems(addresses, 'addresses', addressMembers, addressTypes),
    }),
    ...(phones !== undefined && { phones: readItems(phones, 'phones', phoneMembers, phoneTypes) }),
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
  name: string,
  members: readonly string[],
  typeNames: readonly string[],
): readonly (CustomerItem | null)[] {
  if (!Array.isArray(input)) throw badRequest(`The property '${name}' must be an array.`);
  const items: unknown[] = input;
  return items.map((item, index) => {
    if (item === null) return null;
    const where = `${name}[${index}]`;
    if (!isRecord(item)) throw badRequest(`'${where}' must be an object.`);
    return readItem(item, where, members, typeNames);
  });
}

function readItem(
  item: Readonly<Record<string, unknown>>,
  where: string,
  members: readonly string[],
  typeNames: readonly string[],
): CustomerItem {
  const read: Record<string, string | null> = {};
  for (const [member, value] of Object.entries(item)) {
    if (!members.includes(member)) throw undeclared(member, where);
    if (value !== null && typeof value !== 'string') {
      throw badRequest(`'${where}.${member}' must be a string or null.`);
    }
    if (member === 'type' && value !== null && !typeNames.includes(value)) {
      throw badRequest(`'${where}.type' must be one of ${typeNames.join(', ')}.`);
    }
    read[member] = value;
  }
  return read;
}

function undeclared(name: string, type: string): GraphRefusal {
  return badRequest(`The property '${name}' does not exist on '${type}'.`);
}

function badRequest(message: string): GraphRefusal {
  return new GraphRefusal(400, 'BadRequest', message);
}
