import { describe, expect, it } from '@jest/globals';
import { BookingCustomer, parse } from '@bookings/domain';
import { customerBody } from './customer-body.ts';

const customer = parse(BookingCustomer, {
  displayName: 'Joni Sherman',
  addresses: [{ postOfficeBox: '', street: '4567 Main Street', type: 'home' }],
  phones: [{ number: '206-555-0100', type: 'home' }],
});

describe('customerBody', () => {
  it('adds @odata.type and keeps the rest of the documented customer', () => {
    expect(JSON.parse(customerBody(customer, 'documented'))).toEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      ...structuredClone({ ...JSON.parse(JSON.stringify(customer)) }),
    });
  });

  it('drops only address properties that the v1.0 schema does not declare', () => {
    expect(JSON.parse(customerBody(customer, 'v1.0'))).toEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: 'Joni Sherman',
      addresses: [{ street: '4567 Main Street' }],
      phones: [{ number: '206-555-0100', type: 'home' }],
    });
  });

  it('adds the number sign to the type', () => {
    const short = { '@odata.type': 'microsoft.graph.bookingCustomer', displayName: 'x' };
    expect(customerBody(parse(BookingCustomer, short), 'documented')).toBe(
      '{"@odata.type":"#microsoft.graph.bookingCustomer","displayName":"x"}',
    );
  });
});
