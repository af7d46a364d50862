import { describe, expect, it } from '@jest/globals';
import { BookingCustomer, parse } from '@bookings/domain';
import { customerBody } from './customer-body.ts';

const customer = parse(BookingCustomer, {
  displayName: 'Joni Sherman',
  addresses: [{ postOfficeBox: '', street: '4567 Main Street', type: 'home' }],
  phones: [{ number: '206-555-0100', type: 'home' }],
});

describe('customerBody', () => {
  it('adds @odata.type and leaves the rest as the page shows it', () => {
    expect(JSON.parse(customerBody(customer, 'documented'))).toEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      ...structuredClone({ ...JSON.parse(JSON.stringify(customer)) }),
    });
  });

  it('drops what the v1.0 schema does not declare of an address, and of nothing else', () => {
    expect(JSON.parse(customerBody(customer, 'v1.0'))).toEqual({
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName: 'Joni Sherman',
      addresses: [{ street: '4567 Main Street' }],
      phones: [{ number: '206-555-0100', type: 'home' }],
    });
  });

  it('writes the type with its number sign however the caller wrote it', () => {
    const short = { '@odata.type': 'microsoft.graph.bookingCustomer', displayName: 'x' };
    expect(customerBody(parse(BookingCustomer, short), 'documented')).toBe(
      '{"@odata.type":"#microsoft.graph.bookingCustomer","displayName":"x"}',
    );
  });
});
