import { describe, expect, it } from '@jest/globals';
import { IsString, MaxLength } from 'class-validator';
import { BookingCustomer } from './booking-customer.ts';
import { propertiesOf, withoutAnnotations } from './model.ts';
import { Phone } from './phone.ts';
import { PhysicalAddress } from './physical-address.ts';

class TwoMinds {
  @IsString({ message: 'must be a string' })
  @MaxLength(3, { message: 'must be short' })
  text!: string;
}

describe('propertiesOf', () => {
  it('reads what the decorators state', () => {
    expect(
      Array.from(propertiesOf(BookingCustomer), ([name, { required, item, mostItems }]) => [
        ...[name, required, item, mostItems],
      ]),
    ).toEqual([
      ['displayName', true, undefined, 0],
      ['@odata.type', false, undefined, 0],
      ['emailAddress', false, undefined, 0],
      ['addresses', false, PhysicalAddress, 20],
      ['phones', false, Phone, 30],
    ]);
  });

  it('refuses a model whose rules of one property say different things', () => {
    expect(() => propertiesOf(TwoMinds)).toThrow('TwoMinds.text must have one message');
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
