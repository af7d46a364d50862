import { describe, expect, it } from '@jest/globals';
import { IsString, MaxLength } from 'class-validator';
import { BookingCustomer } from './booking-customer.ts';
import { assemble, propertiesOf } from './model.ts';
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

describe('assemble', () => {
  it('keeps what is declared, of the model and of its items, and nothing else', () => {
    const customer = assemble(BookingCustomer, {
      displayName: 'Joni',
      notes: 'none',
      phones: [{ number: '1', extra: 2 }, 'none'],
    });
    expect(customer).toBeInstanceOf(BookingCustomer);
    expect(customer.phones?.[0]).toBeInstanceOf(Phone);
    expect(JSON.parse(JSON.stringify(customer))).toEqual({
      displayName: 'Joni',
      phones: [{ number: '1' }, 'none'],
    });
  });
});
