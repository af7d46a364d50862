import {
  OPERATIONS,
  PHONE_TYPES,
  PHYSICAL_ADDRESS_TYPES,
  READ_ONLY_PROPERTIES,
  bodySchemas,
  isControlInformation,
  isObject,
} from '@bookings/domain';
import { type ApiModel, type Element, modelOf } from './api-model.ts';
import { rowsOf } from './permission-rows.ts';
import { CouldNotCompare } from './source.ts';
import { STRUCTURE, enumElements, property, readOnlyProperties } from './structure.ts';

/** The classes of the model by their type in Graph. */
const CLASSES = {
  bookingCustomer: 'BookingCustomer',
  physicalAddress: 'PhysicalAddress',
  phone: 'Phone',
} as const;
// In both, the place of a member is its value in Graph.
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  phoneType: PHONE_TYPES,
  physicalAddressType: PHYSICAL_ADDRESS_TYPES,
};

/** What the proxy knows of Graph: its decorators, its enums and its table of operations. */
export function proxyModel(): ApiModel {
  const schemas = bodySchemas('');
  const declared = Object.entries(CLASSES).flatMap(([type, name]) =>
    propertiesOf(type, schemas[name]),
  );
  const rows = Object.values(OPERATIONS).flatMap(({ method, path, permissions }) => {
    const below = path.replace('/solutions/bookingBusinesses/{business}', '');
    return rowsOf(method, below.replace('{customer}', '{id}'), permissions, true);
  });
  const enums = Object.entries(ENUMS).flatMap(([name, members]) => enumElements(name, members));
  return modelOf([
    ...[...STRUCTURE, ...enums, ...declared],
    ...[...readOnlyProperties(READ_ONLY_PROPERTIES), ...rows],
  ]);
}

function propertiesOf(type: string, schema: unknown): Element[] {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(properties))
    throw new CouldNotCompare(
      `${type} declares no properties; name its class in tools/drift/proxy-model.ts`,
    );
  return Object.entries(properties)
    .filter(([name]) => !isControlInformation(name))
    .map(([name, each]) => property(type, name, typeOf(name, each), isNullable(each)));
}

function typeOf(name: string, schema: unknown): string {
  const { type, enum: members, items } = isObject(schema) ? schema : {};
  if (Array.isArray(members)) {
    const texts = members.filter((member) => member !== null).join();
    const found = Object.entries(ENUMS).find(([, each]) => each.join() === texts);
    if (found) return found[0];
  }
  if (type === 'array' && isObject(items)) {
    const found = Object.entries(CLASSES).find(([, each]) => each === items['$ref']);
    if (found) return `Collection(${found[0]})`;
  }
  if ([type].flat().includes('string')) return 'Edm.String';
  throw new CouldNotCompare(
    `the type of ${name} is unknown; state it in tools/drift/proxy-model.ts`,
  );
}

/** Whether it may be null. The items of a collection may not. */
function isNullable(schema: unknown): boolean {
  const { type, enum: members } = isObject(schema) ? schema : {};
  return [type, members].flat().some((each) => each === 'null' || each === null);
}
