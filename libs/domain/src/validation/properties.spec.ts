import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '../model/booking-customer.ts';
import { propertiesOf, withoutAnnotations } from './properties.ts';
import { Phone } from '../model/phone.ts';
import { PhysicalAddress } from '../model/physical-address.ts';

describe('propertiesOf', () => {
  it('reads what the decorators state', () => {
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
  it('keeps what is declared, of the model and of its items, and nothing else', () => {
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
