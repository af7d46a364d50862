import { inNormalForm } from '@bookings/domain';

/**
 * Serializes equal JSON values to equal text: members are sorted by name, without white space.
 * Canonically equivalent texts are equal, because a lookup cannot tell their customers apart. Arrays
 * keep their order. Members with the value undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'string') return JSON.stringify(inNormalForm(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
