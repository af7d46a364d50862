import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '../model/booking-customer.ts';
import { validate } from './validate.ts';
import { Violations, violation } from './violation.ts';

describe('Violations', () => {
  it('describes only the first hundred and counts all', () => {
    const found = new Violations();
    let described = 0;
    for (let index = 0; index < 60_000; index += 1) {
      found.add(() => {
        described += 1;
        return violation('UnknownProperty', `x${index}`, 'is unknown');
      });
    }
    expect([described, found.first.length, found.count]).toEqual([100, 100, 60_000]);
    expect(found.first.at(-1)?.target).toBe('x99');
  });

  it('counts every unknown property of a body, at any depth', () => {
    const names = Object.fromEntries(
      Array.from({ length: 150_000 }, (_, index) => [`x${index}`, 1]),
    );
    const found = validate(BookingCustomer, { displayName: 'x', addresses: [names], ...names });
    expect([found.first.length, found.count]).toEqual([100, 300_000]);
  });
});
