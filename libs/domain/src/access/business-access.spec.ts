import { describe, expect, it } from '@jest/globals';
import { type AccessVerdict, type MissingAccess } from './business-access.ts';
import type { Operation } from '../permissions.ts';
import { readBusinessAccess } from './read-business-access.ts';

const APP = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const OTHER = '11111111-2222-3333-4444-555555555555';
const ALL = ['create', 'read', 'update', 'delete'];

const access = (businesses: readonly string[], operations: readonly string[] = ALL, appId = APP) =>
  readBusinessAccess({ callers: [{ appId, businesses, operations }] });

describe('the business access file', () => {
  const lacking = (verdict: AccessVerdict): readonly MissingAccess[] =>
    verdict.allowed ? [] : verdict.missing;

  it.each<[Operation, string]>([
    ['createCustomer', 'create'],
    ['listCustomers', 'read'],
    ['countCustomers', 'read'],
    ['getCustomer', 'read'],
    ['updateCustomer', 'update'],
    ['deleteCustomer', 'delete'],
  ])('lets a caller do %s with "%s" and with nothing else', (operation, kind) => {
    const only = access(['*@*'], [kind]);
    const others = access(
      ['*@*'],
      ALL.filter((each) => each !== kind),
    );
    expect(lacking(only.reaches(APP, 'a@b', operation))).toEqual([]);
    expect(lacking(others.reaches(APP, 'a@b', operation))).toEqual(['operation']);
  });

  it.each<[string, string, Operation, readonly MissingAccess[]]>([
    [APP, 'sales@contoso.com', 'getCustomer', []],
    [APP.toUpperCase(), 'sales@contoso.com', 'getCustomer', []],
    [APP, 'other@contoso.com', 'getCustomer', ['business']],
    [APP, 'sales@contoso.com', 'deleteCustomer', ['operation']],
    [APP, 'other@contoso.com', 'deleteCustomer', ['business', 'operation']],
    [OTHER, 'sales@contoso.com', 'getCustomer', ['caller']],
    ['', 'sales@contoso.com', 'getCustomer', ['caller']],
    ['constructor', 'sales@contoso.com', 'getCustomer', ['caller']],
  ])('says of %s at %s for %s what missing: %j', (appId, business, operation, expected) => {
    const rules = access(['sales@contoso.com'], ['read'], APP);
    // Twice: the first call of a caller makes its patterns ready.
    const ask = () => lacking(rules.reaches(appId, business, operation));
    expect([ask(), ask()]).toEqual([expected, expected]);
  });

  it('keeps callers withSeparateAttempts', () => {
    const rules = readBusinessAccess({
      callers: [
        { appId: APP.toUpperCase(), businesses: ['a@contoso.com'], operations: ['read'] },
        { appId: OTHER, businesses: ['b@contoso.com', 'c@contoso.com'], operations: ['read'] },
      ],
    });
    const reached = ['a', 'b', 'c'].map((name) =>
      [APP, OTHER].map((app) => rules.reaches(app, `${name}@contoso.com`, 'getCustomer').allowed),
    );
    expect(reached).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
    expect(rules.callerCount).toBe(2);
  });

  it('refuses everybody when it names nobody', () => {
    const rules = readBusinessAccess({ callers: [] });
    expect(lacking(rules.reaches(APP, 'a@b', 'getCustomer'))).toEqual(['caller']);
  });
});
