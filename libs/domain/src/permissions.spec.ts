import { describe, expect, it } from '@jest/globals';
import {
  type Caller,
  type Operation,
  PERMISSIONS,
  type TokenKind,
  isWrite,
  permits,
} from './permissions.ts';

const caller = (kind: TokenKind, permissions: string[], personal = false): Caller => ({
  kind,
  appId: '11111111-2222-3333-4444-555555555555',
  tenantId: '7f0c0000-0000-0000-0000-000000000000',
  permissions,
  personal,
});

const APPOINTMENT = 'BookingsAppointment.ReadWrite.All';
const READ_WRITE = 'Bookings.ReadWrite.All';
const MANAGE = 'Bookings.Manage.All';
const READ = 'Bookings.Read.All';

describe('permits', () => {
  it.each<[TokenKind, string[], boolean]>([
    ['delegated', [APPOINTMENT], true],
    ['delegated', [READ_WRITE], true],
    ['delegated', [MANAGE], true],
    ['delegated', [READ, MANAGE], true],
    ['delegated', [READ], false],
    ['delegated', [], false],
    ['delegated', [MANAGE.toLowerCase()], false],
    ['delegated', [`${MANAGE}.x`], false],
    ['application', [APPOINTMENT], true],
    ['application', [READ_WRITE], false],
    ['application', [MANAGE], false],
    ['application', [READ], false],
    ['application', [], false],
  ])('answers for a %s caller that holds %j: %s', (kind, held, expected) => {
    expect(permits(caller(kind, held), 'createCustomer').permitted).toBe(expected);
  });

  const READS: Operation[] = ['listCustomers', 'countCustomers', 'getCustomer'];
  const CHANGES: Operation[] = ['updateCustomer', 'deleteCustomer'];

  it.each<[Operation[], TokenKind, string, boolean]>([
    [READS, 'delegated', READ, true],
    [READS, 'delegated', APPOINTMENT, true],
    [READS, 'delegated', READ_WRITE, true],
    [READS, 'delegated', MANAGE, true],
    [READS, 'delegated', 'Calendars.Read', false],
    [READS, 'application', READ, true],
    [READS, 'application', APPOINTMENT, true],
    [READS, 'application', READ_WRITE, true],
    [READS, 'application', MANAGE, true],
    [READS, 'application', 'Calendars.Read', false],
    [CHANGES, 'delegated', READ, false],
    [CHANGES, 'delegated', APPOINTMENT, true],
    [CHANGES, 'delegated', READ_WRITE, true],
    [CHANGES, 'delegated', MANAGE, true],
    [CHANGES, 'application', READ, false],
    [CHANGES, 'application', APPOINTMENT, true],
    [CHANGES, 'application', READ_WRITE, false],
    [CHANGES, 'application', MANAGE, false],
  ])('answers %j for a %s caller that holds %s: %s', (operations, kind, held, expected) => {
    for (const operation of operations) {
      expect(permits(caller(kind, [held]), operation).permitted).toBe(expected);
    }
  });

  it('lets no permission to read write', () => {
    const writes = PERMISSIONS.filter(({ operation }) => isWrite(operation));
    expect(writes).toHaveLength(6);
    expect(writes.some(({ anyOf }) => anyOf.includes(READ))).toBe(false);
  });

  it('names what would do, least privileged first', () => {
    expect(permits(caller('delegated', [READ]), 'createCustomer')).toEqual({
      permitted: false,
      reason: 'missing-permission',
      anyOf: [APPOINTMENT, READ_WRITE, MANAGE],
    });
  });

  it('refuses a personal account whatever it holds', () => {
    expect(permits(caller('delegated', [APPOINTMENT, MANAGE], true), 'createCustomer')).toEqual({
      permitted: false,
      reason: 'personal-account',
      anyOf: [],
    });
  });

  it('has one row per operation and token kind, each with its source', () => {
    const rows = PERMISSIONS.map(({ operation, kind }) => `${operation} ${kind}`);
    expect(new Set(rows).size).toBe(rows.length);
    for (const operation of new Set(PERMISSIONS.map((row) => row.operation))) {
      expect(rows).toEqual(
        expect.arrayContaining([`${operation} delegated`, `${operation} application`]),
      );
    }
    expect(PERMISSIONS.every(({ anyOf, source }) => anyOf.length > 0 && source !== '')).toBe(true);
  });
});
