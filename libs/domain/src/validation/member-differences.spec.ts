import { describe, expect, it } from '@jest/globals';
import { memberDifferences } from './member-differences.ts';

const customer = {
  '@odata.type': '#microsoft.graph.bookingCustomer',
  id: 'c1',
  displayName: 'Joni Sherman',
  emailAddress: null,
  addresses: [{ city: 'Buffalo', type: 'home', '@odata.type': 'x' }, null],
  phones: [],
  'phones@odata.count': 0,
};
const differences = (customers: readonly unknown[], isComplete = true) => {
  const { unknown, missing } = memberDifferences(customers, isComplete);
  return { unknown: [...unknown], missing: [...missing] };
};
const NONE = { unknown: [], missing: [] };

describe('memberDifferences', () => {
  it('finds none in a customer of the model, with or without the times', () => {
    expect(differences([customer])).toEqual(NONE);
    expect(differences([{ ...customer, createdDateTime: 'x', lastUpdatedDateTime: 'x' }])).toEqual(
      NONE,
    );
  });

  it('names what the model does not know, once, and also in items', () => {
    const other = {
      ...customer,
      notes: 'x',
      phones: [{ extension: 1 }, { extension: 2, id: 'x' }],
    };
    expect(differences([other, other])).toEqual({
      unknown: ['phones.extension', 'phones.id', 'notes'],
      missing: [],
    });
  });

  it('names what a complete customer lacks, and nothing of a selection', () => {
    const { phones: _phones, id: _id, ...rest } = customer;
    expect(differences([customer, rest])).toEqual({ unknown: [], missing: ['id', 'phones'] });
    expect(differences([rest], false)).toEqual(NONE);
  });

  it('skips what is no customer', () => {
    expect(differences([null, 1, [customer]])).toEqual(NONE);
  });

  it('names at most 100', () => {
    const many = Array.from({ length: 150 }, (_each, index) => ({ ...customer, [`a${index}`]: 1 }));
    expect(differences(many).unknown).toHaveLength(100);
  });
});
