import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '../model/booking-customer.ts';
import { propertiesOf, withoutAnnotations } from './properties.ts';
import { Phone } from '../model/phone.ts';
import { PhysicalAddress } from '../model/physical-address.ts';

describe('propertiesOf', () => {
  it('lists the decorated properties and their item models', () => {
    expect([...propertiesOf(BookingCustomer)]).toEqual([
      ['displayName', undefined],
      ['@odata.type', undefined],
      ['emailAddress', undefined],
      ['addresses', PhysicalAddress],
      ['phones', Phone],
    ]);
  });
});

describe('withoutAnnotations', () => {
  it('keeps only the declared properties of the model and its items', () => {
    const input = {
      '@odata.type': '#microsoft.graph.bookingCustomer',
      '@odata.etag': 'W/"1"',
      displayName: 'Joni',
      phones: [{ '@odata.type': '#microsoft.graph.phone', number: '1' }],
    };
    const before = structuredClone(input);
    expect(withoutAnnotations(BookingCustomer, input)).toStrictEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: 'Joni',
      phones: [{ number: '1' }],
    });
    expect(input).toStrictEqual(before);
  });
});
