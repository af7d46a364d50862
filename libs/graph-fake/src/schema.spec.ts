import { describe, expect, it } from '@jest/globals';
import { readCustomerChanges } from './customer-body.ts';
import { KNOWN_SCHEMA } from './schema.ts';

const { types, enums } = KNOWN_SCHEMA;

function isAccepted(body: Record<string, unknown>): boolean {
  try {
    readCustomerChanges(
      JSON.stringify({ '@odata.type': '#microsoft.graph.bookingCustomer', ...body }),
    );
    return true;
  } catch {
    return false;
  }
}

describe('a property of the schema', () => {
  it.each(Object.entries(types.bookingCustomer))(
    'may be null, or have items that are null, where it says so: %s',
    (name, { type, isNullable }) => {
      const none = type.startsWith('Collection') ? [null] : null;
      expect(isAccepted({ [name]: none })).toBe(isNullable);
      expect(isAccepted({ [name]: type.startsWith('Collection') ? [{}] : 'a' })).toBe(true);
    },
  );

  it.each([
    ...Object.entries(types.phone).map((each) => ['phones', ...each] as const),
    ...Object.entries(types.physicalAddress).map((each) => ['addresses', ...each] as const),
  ])(
    'of an item of %s may be null where it says so, and has its type: %s',
    (of, name, property) => {
      const accepts = (value: unknown) => isAccepted({ [of]: [{ [name]: value }] });
      expect(accepts(null)).toBe(property.isNullable);
      expect(accepts('a')).toBe(property.type === 'Edm.String');
      expect(accepts(enums[property.type]?.at(-1) ?? 'a')).toBe(true);
    },
  );
});
