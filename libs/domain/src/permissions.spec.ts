import { describe, expect, it } from '@jest/globals';
import type { Caller, TokenKind } from './caller.ts';
import { OPERATIONS, OPERATION_NAMES, type Operation, isWrite } from './operations.ts';
import { permits } from './permissions.ts';

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
  ])('decides about a create by a %s caller with %j: %s', (kind, held, expected) => {
    expect(permits(caller(kind, held), 'createCustomer').permitted).toBe(expected);
  });

  const READS = OPERATION_NAMES.filter((name) => !isWrite(name));
  const CHANGES = OPERATION_NAMES.filter(isWrite).filter((name) => name !== 'createCustomer');

  it.each<[readonly Operation[], TokenKind, string, boolean]>([
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
  ])('decides about %j by a %s caller with %s: %s', (operations, kind, held, expected) => {
    for (const operation of operations) {
      expect(permits(caller(kind, [held]), operation).permitted).toBe(expected);
    }
  });

  it.each(OPERATION_NAMES.filter(isWrite))(
    'never permits %s with a read permission',
    (operation) => {
      const { delegated, application } = OPERATIONS[operation].permissions;
      expect([...delegated, ...application]).not.toContain(READ);
    },
  );

  it('lists the sufficient permissions, least privileged first', () => {
    expect(permits(caller('delegated', [READ]), 'createCustomer')).toEqual({
      permitted: false,
      reason: 'missing-permission',
      anyOf: [APPOINTMENT, READ_WRITE, MANAGE],
    });
  });

  it('refuses a personal account with any permission', () => {
    expect(permits(caller('delegated', [APPOINTMENT, MANAGE], true), 'createCustomer')).toEqual({
      permitted: false,
      reason: 'personal-account',
      anyOf: [],
    });
  });
});
