import { type Kind, qualified } from './api-model.ts';

/** The types of Graph that are compared with all their members. */
const WHOLE: readonly string[] = [
  'entity',
  'bookingCustomerBase',
  'bookingCustomer',
  'physicalAddress',
  'phone',
  'phoneType',
  'physicalAddressType',
].map(qualified);

/** What leads to the customers, and the only members of it that are compared. */
const PARTLY: ReadonlyMap<string, string> = new Map([
  [qualified('bookingBusiness'), 'customers'],
  [qualified('solutionsRoot'), 'bookingBusinesses'],
]);

export const SINGLETON = `${qualified('GraphService')}/solutions`;

export function isCompared(type: string): boolean {
  return WHOLE.includes(type) || PARTLY.has(type);
}

/** @param name of a member of a compared type or of a container */
export function isComparedMember(kind: Kind, name: string): boolean {
  if (kind === 'singleton') return name === SINGLETON;
  const [type = '', member] = name.split('/');
  return WHOLE.includes(type) || PARTLY.get(type) === member;
}
