import { describe, expect, it } from '@jest/globals';
import { type AccessVerdict, type MissingAccess } from './business-access.ts';
import { ACCESS_KINDS, OPERATION_NAMES, type Operation, accessKindOf } from '../operations.ts';
import { readBusinessAccess } from './read-business-access.ts';

const APP = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const OTHER = '11111111-2222-3333-4444-555555555555';

const access = (
  businesses: readonly string[],
  operations: readonly string[] = ACCESS_KINDS,
  appId = APP,
) => readBusinessAccess({ callers: [{ appId, businesses, operations }] });

describe('the business access file', () => {
  const missingIn = (verdict: AccessVerdict): readonly MissingAccess[] =>
    verdict.allowed ? [] : verdict.missing;

  it.each(OPERATION_NAMES.map((name) => [name, accessKindOf(name)] as const))(
    'allows %s with "%s" and with no other operation',
    (operation, kind) => {
      const only = access(['*@*'], [kind]);
      const others = access(
        ['*@*'],
        ACCESS_KINDS.filter((each) => each !== kind),
      );
      expect(missingIn(only.reaches(APP, 'a@b', operation))).toEqual([]);
      expect(missingIn(others.reaches(APP, 'a@b', operation))).toEqual(['operation']);
    },
  );

  it.each<[string, string, Operation, readonly MissingAccess[]]>([
    [APP, 'sales@contoso.com', 'getCustomer', []],
    [APP.toUpperCase(), 'sales@contoso.com', 'getCustomer', []],
    [APP, 'other@contoso.com', 'getCustomer', ['business']],
    [APP, 'sales@contoso.com', 'deleteCustomer', ['operation']],
    [APP, 'other@contoso.com', 'deleteCustomer', ['business', 'operation']],
    [OTHER, 'sales@contoso.com', 'getCustomer', ['caller']],
    ['', 'sales@contoso.com', 'getCustomer', ['caller']],
    ['constructor', 'sales@contoso.com', 'getCustomer', ['caller']],
  ])('reports for %s at %s and %s what is missing: %j', (appId, business, operation, expected) => {
    const rules = access(['sales@contoso.com'], ['read'], APP);
    expect(missingIn(rules.reaches(appId, business, operation))).toEqual(expected);
  });

  it('keeps the entries of callers separate', () => {
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

  it('refuses every caller when it is empty', () => {
    const rules = readBusinessAccess({ callers: [] });
    expect(missingIn(rules.reaches(APP, 'a@b', 'getCustomer'))).toEqual(['caller']);
  });
});
