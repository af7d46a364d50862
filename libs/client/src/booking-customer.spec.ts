import { describe, expect, it } from '@jest/globals';
import type {
  BookingCustomerChanges,
  CreatedBookingCustomer,
  ListOptions,
  PhysicalAddressType,
} from './index.ts';
import { JONI, respondWith, client, created, service } from './service.fixture.ts';

const stored: CreatedBookingCustomer = { id: 'x', ...JONI, emailAddress: 'jonis@relecloud.com' };
const form: { email: string | undefined; phone: string | undefined } = {
  email: undefined,
  phone: undefined,
};

// The compiler checks the types of this file.
describe('a customer in a request', () => {
  it('may have undefined members, which are not sent', async () => {
    const { url, seen } = await service(created);
    await client(url).createCustomer('b', {
      ...JONI,
      emailAddress: form.email,
      phones: [{ number: form.phone, type: 'home' }],
      addresses: undefined,
    });
    // @ts-expect-error: a name is required
    const nameless = client(url).createCustomer('b', { displayName: form.email });
    await nameless;
    expect(seen.map(({ body }): unknown => JSON.parse(body))).toEqual([
      { ...JONI, phones: [{ type: 'home' }] },
      {},
    ]);
  });

  it('may not have an id or a time, not even in a customer that was read', async () => {
    const { url, seen } = await service(respondWith(200, stored));
    const { id, createdDateTime, lastUpdatedDateTime, addresses, ...changes } = stored;
    await client(url).updateCustomer('b', id, { ...changes, displayName: 'Joni S.' });
    // @ts-expect-error: only Graph sets the id
    const renamed: BookingCustomerChanges = { ...stored, displayName: 'Joni S.' };
    // @ts-expect-error: Graph may keep a type that no request can have
    const resent: BookingCustomerChanges = { addresses: [{ type: 'others' }] };
    // @ts-expect-error: only Graph sets the times
    const moved: BookingCustomerChanges = { createdDateTime: '2026-11-29T12:00:00Z' };
    // @ts-expect-error: a customer that was read is not a new one
    const copied = client(url).createCustomer('b', stored, { maxAttempts: 1 });
    await expect(copied).rejects.toThrow();
    expect(renamed).toMatchObject({ id: 'x' });
    expect(resent).toEqual({ addresses: [{ type: 'others' }] });
    expect(moved).not.toHaveProperty('id');
    expect(seen).toHaveLength(2);
  });
});

describe('a customer that Graph keeps', () => {
  it('may have others as the type of an address, and unknown members', async () => {
    const kept = { id: 'x', ...JONI, addresses: [{ city: 'Buffalo', type: 'others' }], notes: 7 };
    const { url } = await service(respondWith(200, kept));
    const customer = await client(url).getCustomer('b', 'x');
    const types = customer.addresses?.map(({ type }): string | null | undefined => type);
    const known = stored.addresses?.map(({ type }) => type === 'others' || type === 'home');
    // @ts-expect-error: no type of an address is promised
    const promised = customer.addresses?.map(({ type }): PhysicalAddressType => type);
    expect([customer, types, promised, known]).toEqual([kept, ['others'], ['others'], undefined]);
  });
});

describe('a list with selected properties', () => {
  it('has customers with these properties and an id', async () => {
    const value = [{ id: 'x', displayName: 'Joni Sherman' }];
    const { url } = await service(respondWith(200, { value }));
    const options = { select: ['displayName'] } as const satisfies ListOptions;
    const { customers } = await client(url).listCustomers('b', options);
    const names = customers.map(({ id, displayName }): [string, string] => [id, displayName]);
    // @ts-expect-error: it was not selected
    const phones = customers.map((customer): unknown => customer.phones);
    expect([names, phones]).toEqual([[['x', 'Joni Sherman']], [undefined]]);
    for await (const customer of client(url).customers('b', options)) {
      // @ts-expect-error: it was not selected
      expect(customer.emailAddress).toBeUndefined();
    }
    // @ts-expect-error: customers have no such property
    await client(url).listCustomers('b', { select: ['surname'] });
  });
});
